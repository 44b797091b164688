import type { Clock } from '../clock.js'
import type { Store } from '../store.js'

/** An empty store, and a way to open its database once more. */
export interface StoreFixture {
  /** The one under test. */
  readonly store: Store
  /** Another, independent store on the same database, as another process would open it. */
  other(): Promise<Store>
  /** Closes all of them and removes what they wrote. */
  dispose(): Promise<void>
}

/** Makes a fixture that shares nothing with any other. `clock` is what its stores must take for the time. */
export type OpenStoreFixture = (options: { readonly clock: Clock }) => Promise<StoreFixture>

/** The time at which every test of the contract begins. */
export const BEGINNING = Date.UTC(2025, 0, 9)

/** What a test does with a fixture; its time is {@link BEGINNING} until the test sets another. */
type Body = (fixture: StoreFixture, setTime: (milliseconds: number) => void) => Promise<void>

/** A test: opens a fixture, runs the body on it, and disposes of it whatever happens. */
export const withFixture = (open: OpenStoreFixture, body: Body) => async (): Promise<void> => {
  let now = BEGINNING
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
