import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Accounts } from '../accounts.js'
import { type OpenAccountsOptions, openAccounts } from '../open-accounts.js'
import { CHEAP } from './accounts-fixture.js'

/** In memory where the system can: tests would wait for the disk at each commit, most of their time. */
const PARENT = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** Accounts in a new folder, which is removed when they are closed. */
export interface TemporaryAccounts extends Accounts {
  /** The database file. */
  readonly path: string
}

/**
 * Opens empty accounts for one test. Passwords cost next to nothing.
 *
 * @example
 * ```ts
 * await using accounts = await openTemporaryAccounts()
 * ```
 */
export async function openTemporaryAccounts(
  options: Omit<OpenAccountsOptions, 'path'> = {},
): Promise<TemporaryAccounts> {
  const folder = mkdtempSync(join(PARENT, 'gitmsg-accounts-'))
  const path = join(folder, 'accounts.db')
  const accounts = await openAccounts({ passwordCost: CHEAP, ...options, path })

  async function close(): Promise<void> {
    await accounts.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { ...accounts, path, close, [Symbol.asyncDispose]: close }
}
