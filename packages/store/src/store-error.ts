/**
 * What went wrong, in terms of what the caller can do next.
 *
 * - `duplicate-uid`: a message with this uid already exists
 * - `invalid-reply`: the message to which this one replies is not stored, deleted or a reaction
 * - `deleted`: the message is deleted, so it cannot be edited
 * - `not-editable`: a reaction cannot be edited
 * - `version-conflict`: the current version is not the expected one
 * - `epoch-changed`: the position belongs to another order of changes; read everything again
 * - `position-ahead`: the position is one that this database has not reached
 * - `indexing`: the search index is not complete yet; see {@link Store.buildSearchIndex}
 * - `idempotency-key-reused`: the key was used with another fingerprint, by another call or for another message
 * - `lock-lost`: the sync lock is not held any more; nothing was written
 * - `busy`: another process held the write lock for too long; try again
 * - `unavailable`: the database cannot be reached; try again. A write may have been stored, or may not
 * - `full`: no space left on the disk; nothing was written
 * - `unwritable`: the disk or the database is read-only, or failed to write; nothing was written
 * - `corrupt`: the file is damaged
 * - `not-a-store`: the path is a symbolic link, not a file, or the file of another program, which was not changed; or
 *   nothing, where there must be a store
 * - `newer-schema`: the file was written by a newer version of this package; it was not changed
 * - `older-schema`: the tables are missing or those of an older version, and opening was not to migrate them
 * - `not-empty`: the database that was to be copied to has messages
 * - `unsafe`: this SQLite, this disk or this PostgreSQL can lose committed data
 * - `missing-sqlite`: better-sqlite3 has no binary for this Node.js; the message says how to install it
 * - `invalid-argument`: an argument is invalid; retrying cannot help
 * - `closed`: the store is closed
 * - `aborted`: the caller's signal aborted; nothing was written
 * - `failed`: anything else; see `cause`
 */
export type StoreErrorCode =
  | 'duplicate-uid'
  | 'invalid-reply'
  | 'deleted'
  | 'not-editable'
  | 'version-conflict'
  | 'epoch-changed'
  | 'position-ahead'
  | 'indexing'
  | 'idempotency-key-reused'
  | 'lock-lost'
  | 'busy'
  | 'unavailable'
  | 'full'
  | 'unwritable'
  | 'corrupt'
  | 'not-a-store'
  | 'newer-schema'
  | 'older-schema'
  | 'not-empty'
  | 'unsafe'
  | 'missing-sqlite'
  | 'invalid-argument'
  | 'closed'
  | 'aborted'
  | 'failed'

/**
 * The only error that a store throws or rejects with. Its `message` never contains a message's text, a path or SQL;
 * `cause` is the original error, if there is one.
 *
 * @example
 * ```ts
 * try {
 *   await store.createMessage(message)
 * } catch (error) {
 *   if (!(error instanceof StoreError) || error.code !== 'duplicate-uid') throw error
 * }
 * ```
 */
export class StoreError extends Error {
  /** Identifies the class: `instanceof` compares this name. */
  override readonly name = 'StoreError'
  /** What the caller can do next. */
  readonly code: StoreErrorCode
  /** Of `indexing`: how much of the search index is there, from 0 to 1. */
  declare readonly progress?: number

  constructor(
    code: StoreErrorCode,
    message: string,
    options?: ErrorOptions & { readonly progress?: number },
  ) {
    super(message, options)
    this.code = code
    if (options?.progress !== undefined) this.progress = options.progress
  }

  /** Compares names, so that errors from another copy of this package (ES module and CommonJS) match too. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'StoreError'
  }
}

/** The `code` of an error from SQLite or the file system is matched in this order. */
const CODE_PATTERNS: readonly (readonly [pattern: RegExp, code: StoreErrorCode])[] = [
  [/^SQLITE_(BUSY|LOCKED)/, 'busy'],
  // The shared-memory file is grown by ftruncate, whose "no space left" SQLite reports as an I/O error.
  [/^(SQLITE_FULL|SQLITE_IOERR_SHMSIZE|ENOSPC|EDQUOT)$/, 'full'],
  [/^SQLITE_(CORRUPT|IOERR_(CORRUPTFS|DATA))/, 'corrupt'],
  // A failed fsync is not among them: the commit may have reached the disk.
  [/^(SQLITE_READONLY(_.+)?|SQLITE_IOERR_WRITE|EROFS)$/, 'unwritable'],
  [/^(SQLITE_NOTADB|EISDIR|ENOTDIR)$/, 'not-a-store'],
  [/^ERR_INVALID_ARG/, 'invalid-argument'],
]

/** Fixed texts: an error message must never contain a path, SQL or the content of a message. */
const MESSAGES: Partial<Record<StoreErrorCode, string>> = {
  busy: 'another connection held the write lock for too long',
  full: 'no space left on the disk',
  unwritable: 'the disk is read-only or failed to write',
  corrupt: 'the database file is damaged',
  'not-a-store': 'the file is not a message database',
  'invalid-argument': 'an argument is invalid',
}

/** Turns anything thrown into a {@link StoreError}, with the original as its `cause`. */
export function toStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error
  const code = codeOf(error)
  return new StoreError(code, MESSAGES[code] ?? 'the operation failed', { cause: error })
}

/** Whether the same operation can succeed a little later. */
export const isBusy = (error: unknown): boolean => toStoreError(error).code === 'busy'

/** Whether only the search index is damaged, which can be built again. */
export const isSearchIndexDamage = (error: unknown): boolean => originalCode(error) === 'SQLITE_CORRUPT_VTAB'

const originalCode = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''

function codeOf(error: unknown): StoreErrorCode {
  const original = originalCode(error)
  return CODE_PATTERNS.find(([pattern]) => pattern.test(original))?.[1] ?? 'failed'
}
