import { StoreError, type StoreErrorCode } from './store-error.js'

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

function codeOf(error: unknown): StoreErrorCode {
  const original = error instanceof Error && 'code' in error ? String(error.code) : ''
  return CODE_PATTERNS.find(([pattern]) => pattern.test(original))?.[1] ?? 'failed'
}
