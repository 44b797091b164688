import type { Clock } from '../clock.js'
import type { Store } from '../store.js'

/** An empty store, and a way to open its database again. */
export interface StoreFixture {
  /** The store under test. */
  readonly store: Store
  /** Opens another, independent store on the same database, as another process would. */
  other(): Promise<Store>
  /** Closes all of these stores and removes their data. */
  dispose(): Promise<void>
}

/** Creates a fixture that shares nothing with any other. Its stores must use `clock` for the time. */
export type OpenStoreFixture = (options: { readonly clock: Clock }) => Promise<StoreFixture>

/** The time at the beginning of every test of the contract, in milliseconds since 1970. */
export const START_MS = Date.UTC(2025, 0, 9)

/** A test with a fixture. The time is {@link START_MS} until the test sets another. */
type Body = (fixture: StoreFixture, setTime: (milliseconds: number) => void) => Promise<void>

/** Wraps a test: opens a fixture, runs the body with it, and disposes of it even if the body fails. */
export const withFixture = (open: OpenStoreFixture, body: Body) => async (): Promise<void> => {
  let now = START_MS
  const fixture = await open({ clock: () => now })
  const setTime = (milliseconds: number): void => {
    now = milliseconds
  }
  try {
    await body(fixture, setTime)
  } finally {
    await fixture.dispose()
  }
}
