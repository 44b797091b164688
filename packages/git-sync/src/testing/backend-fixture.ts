import type { GitBackend } from '../git-backend.js'

/** A backend on a branch that does not exist yet, and a way to get a second writer to it. */
export interface BackendFixture {
  /** The one under test. */
  readonly backend: GitBackend
  /** Another, independent writer to the same branch. */
  other(): Promise<GitBackend>
  /** Closes all of them and removes what they wrote. */
  dispose(): Promise<void>
}

/** Makes a fixture that shares nothing with any other. */
export type OpenBackendFixture = () => Promise<BackendFixture>
