import type { BackendFixture, OpenBackendFixture } from './backend-fixture.js'

/** The body of a test: opens a fixture, runs the body on it, and disposes of it whatever happens. */
export const withFixture =
  (open: OpenBackendFixture, body: (fixture: BackendFixture) => Promise<void>) => async (): Promise<void> => {
    const fixture = await open()
    try {
      await body(fixture)
    } finally {
      await fixture.dispose()
    }
  }
