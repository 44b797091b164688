import type { TestContext } from 'vitest'
import type { BackendFixture, OpenBackendFixture } from './backend-fixture.js'

/** The body of a test: opens a fixture, runs the body on it, and disposes of it whatever happens. */
export const withFixture =
  (open: OpenBackendFixture, body: (fixture: BackendFixture, context: TestContext) => Promise<void>) =>
  async (context: TestContext): Promise<void> => {
    const fixture = await open()
    try {
      await body(fixture, context)
    } finally {
      await fixture.dispose()
    }
  }
