import { expect } from 'vitest'
import type { Accounts, AccountsOptions } from '../accounts.js'
import type { Role } from '../rights.js'
import type { Session } from '../tokens/sessions.js'

/** Empty accounts, and a way to open their database again. */
export interface AccountsFixture {
  /** The accounts under test. */
  readonly accounts: Accounts
  /** Opens the same database again, as another process would. */
  other(): Promise<Accounts>
  /** Closes all of them and removes their data. */
  dispose(): Promise<void>
}

/** Creates a fixture that shares nothing with any other. Its accounts must use these options. */
export type OpenAccountsFixture = (options: Required<AccountsOptions>) => Promise<AccountsFixture>

/** The time at the beginning of every test of the contract, in milliseconds since 1970. */
export const START_MS = Date.UTC(2025, 0, 9)

/** Passwords that are checked in no time. */
export const CHEAP = { memory: 64, passes: 1 }

export const PASSWORD = 'correct horse battery'
export const OTHER_PASSWORD = 'staple of another horse'
export const ACTOR = 'setup'

/** A test with a fixture. The time is {@link START_MS} until the test sets another. */
type Body = (fixture: AccountsFixture & { setTime(milliseconds: number): void }) => Promise<void>

/** Wraps a test: opens a fixture, runs the body with it, and disposes of it even if the body fails. */
export const withFixture = (open: OpenAccountsFixture, body: Body) => async (): Promise<void> => {
  const { randomBytes } = await import('node:crypto')
  let now = START_MS
  const fixture = await open({ clock: () => now, randomBytes, passwordCost: CHEAP })
  const setTime = (milliseconds: number): void => {
    now = milliseconds
  }
  try {
    await body({ ...fixture, setTime })
  } finally {
    await fixture.dispose()
  }
}

/** Creates a person with {@link PASSWORD}, and signs in. */
export async function createPerson(accounts: Accounts, handle: string, role?: Role): Promise<Session> {
  await accounts.create({ handle, role, actor: ACTOR })
  const { secret } = await accounts.links.createReset(handle, { actor: ACTOR })
  return accounts.reset({ link: secret, password: PASSWORD })
}

/** Expects that a call rejects with an error of this code. */
export async function expectError(call: Promise<unknown>, code: string): Promise<void> {
  await expect(call).rejects.toMatchObject({ name: 'AccountsError', code })
}

/** The codes of calls that rejected, and `done` for the others. */
export async function outcomesOf(calls: readonly Promise<unknown>[]): Promise<string[]> {
  const outcomes = await Promise.allSettled(calls)
  return outcomes.map((outcome) => (outcome.status === 'fulfilled' ? 'done' : outcome.reason.code))
}
