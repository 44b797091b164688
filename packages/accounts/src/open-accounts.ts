import { type Accounts, type AccountsOptions, assembleAccounts } from './accounts.js'
import { toAccountsError } from './accounts-error.js'
import { checkInteger, checkOptions } from './arguments.js'
import { openDatabase } from './sqlite/database.js'

/** Options of {@link openAccounts}. */
export interface OpenAccountsOptions extends AccountsOptions {
  /** The database file, on a local disk. It is created if it is missing, accessible to its owner only. */
  readonly path: string
  /** How long to wait for a lock of another process before failing with `busy`, in milliseconds. Default: 5000. */
  readonly busyTimeout?: number | undefined
}

const KNOWN_OPTIONS = {
  path: true,
  busyTimeout: true,
  clock: true,
  randomBytes: true,
  passwordCost: true,
} satisfies Record<keyof OpenAccountsOptions, true>

/**
 * Opens a database of accounts. Creates the file if it is missing, and migrates it if it is older than this package.
 *
 * @throws AccountsError `not-accounts`, `newer-schema`, `unusable-sqlite`, `busy`, `full`, `corrupt`, `invalid-argument`
 *
 * @example
 * ```ts
 * const accounts = await openAccounts({ path: 'data/accounts.db' })
 * await accounts.create({ handle: 'ada', role: 'admin', actor: 'setup' })
 * const { secret } = await accounts.links.createReset('ada', { actor: 'setup' })
 * ```
 */
export async function openAccounts(options: OpenAccountsOptions): Promise<Accounts> {
  try {
    checkOptions(options, KNOWN_OPTIONS)
    const { path, busyTimeout = 5_000, ...shared } = options
    checkInteger('busyTimeout', busyTimeout, { min: 0, max: Number.MAX_SAFE_INTEGER })
    const database = await openDatabase({ path, busyTimeoutMs: busyTimeout })
    return assembleAccounts(database, { ...shared, toError: toAccountsError })
  } catch (error) {
    throw toAccountsError(error)
  }
}
