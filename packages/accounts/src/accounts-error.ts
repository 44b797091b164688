/**
 * What went wrong, in terms of what the caller can do next.
 *
 * - `invalid-handle`: not 1 to 32 of `a` to `z`, digits, `.`, `_` and `-`, beginning with a letter or a digit
 * - `handle-taken`: an account has this handle, had it, or has one that looks like it
 * - `weak-password`: not 8 to 128 characters, or one of the most common
 * - `invalid-credentials`: the handle or the password is wrong, or the account is disabled
 * - `invalid-link`: the link is unknown, used up or has ended
 * - `identity-taken`: the identity belongs to another account
 * - `no-such-account`: no account has this handle
 * - `not-a-person`, `not-a-service`: the account is of the other kind
 * - `last-admin`: no admin would be left
 * - `too-many`: a table, or the part of one account in it, is full
 * - `idempotency-key-reused`: the key was used for another post
 * - `overloaded`: too many passwords are being checked; try again
 * - `busy`: another process held the write lock for too long; try again
 * - `full`: no space left on the disk; nothing was written
 * - `unwritable`: the disk or the database is read-only, or failed to write; nothing was written
 * - `unavailable`: the database cannot be reached; a write may have been stored
 * - `corrupt`: the database is damaged
 * - `not-accounts`: the path is a symbolic link, not a file, or the file of another program, or the schema has other
 *   tables; nothing was changed
 * - `newer-schema`: the database was written by a newer version of this package; it was not changed
 * - `older-schema`: the tables are missing or those of an older version, and were not to be created or migrated
 * - `not-empty`: the database to copy to has other accounts
 * - `unsafe`: PostgreSQL would lose committed data in a crash
 * - `unusable-sqlite`: better-sqlite3 does not fit this Node.js, or its SQLite can lose committed data
 * - `invalid-argument`: an argument is invalid; retrying cannot help
 * - `aborted`: the signal of the call aborted
 * - `closed`: the accounts are closed
 * - `failed`: anything else; see `cause`
 */
export type AccountsErrorCode =
  | 'invalid-handle'
  | 'handle-taken'
  | 'weak-password'
  | 'invalid-credentials'
  | 'invalid-link'
  | 'identity-taken'
  | 'no-such-account'
  | 'not-a-person'
  | 'not-a-service'
  | 'last-admin'
  | 'too-many'
  | 'idempotency-key-reused'
  | 'overloaded'
  | 'busy'
  | 'full'
  | 'unwritable'
  | 'unavailable'
  | 'corrupt'
  | 'not-accounts'
  | 'newer-schema'
  | 'older-schema'
  | 'not-empty'
  | 'unsafe'
  | 'unusable-sqlite'
  | 'invalid-argument'
  | 'aborted'
  | 'closed'
  | 'failed'

/**
 * The only error that this package throws or rejects with. Its `message` never contains a handle, a secret, a path or
 * SQL; `cause` is the original error, if there is one.
 */
export class AccountsError extends Error {
  /** Identifies the class: `instanceof` compares this name. */
  override readonly name = 'AccountsError'
  /** What the caller can do next. */
  readonly code: AccountsErrorCode

  constructor(code: AccountsErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }

  /** Compares names, so that errors from another copy of this package (ES module and CommonJS) match too. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'AccountsError'
  }
}

/** The `code` of an error from SQLite or the file system is matched in this order. */
const CODE_PATTERNS: readonly (readonly [pattern: RegExp, code: AccountsErrorCode, message: string])[] = [
  [/^SQLITE_(BUSY|LOCKED)/, 'busy', 'another connection held the write lock for too long'],
  [/^(SQLITE_FULL|SQLITE_IOERR_SHMSIZE|ENOSPC|EDQUOT)$/, 'full', 'no space left on the disk'],
  [/^SQLITE_(CORRUPT|IOERR_(CORRUPTFS|DATA))/, 'corrupt', 'the database file is damaged'],
  [
    /^(SQLITE_READONLY(_.+)?|SQLITE_IOERR_WRITE|EROFS)$/,
    'unwritable',
    'the disk is read-only or failed to write',
  ],
  [/^(SQLITE_NOTADB|EISDIR|ENOTDIR)$/, 'not-accounts', 'the file is not a database of accounts'],
]

/** Turns anything thrown into an {@link AccountsError}, with the original as its `cause`. */
export function toAccountsError(error: unknown): AccountsError {
  if (error instanceof AccountsError) return error
  const original = error instanceof Error && 'code' in error ? String(error.code) : ''
  const [, code, message] = CODE_PATTERNS.find(([pattern]) => pattern.test(original)) ?? []
  return new AccountsError(code ?? 'failed', message ?? 'the operation failed', { cause: error })
}

/** Whether the same operation can succeed a little later. */
export const isBusy = (error: unknown): boolean => toAccountsError(error).code === 'busy'
