import type { GitBackend } from '../git-backend.js'

/** A backend on a branch that does not exist yet, and a way to get more writers to it. */
export interface BackendFixture {
  /** The backend under test. */
  readonly backend: GitBackend
  /** Resolves with another, independent writer to the same branch. */
  other(): Promise<GitBackend>
  /** Closes all of them and removes what they wrote. */
  dispose(): Promise<void>
}

/** Creates a fixture that shares nothing with any other. */
export type OpenBackendFixture = () => Promise<BackendFixture>

/** The body of a test: opens a fixture, runs the body on it, and always disposes of it. */
export const withFixture =
  (open: OpenBackendFixture, body: (fixture: BackendFixture) => Promise<void>) => async (): Promise<void> => {
    const fixture = await open()
    try {
      await body(fixture)
    } finally {
      await fixture.dispose()
    }
  }
