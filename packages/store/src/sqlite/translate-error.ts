import { StoreError, type StoreErrorCode } from '../store-error.js'

/** The first pattern that matches the `code` of an error of SQLite or of the file system decides. */
const translations: readonly (readonly [pattern: RegExp, code: StoreErrorCode])[] = [
  [/^SQLITE_(BUSY|LOCKED)/, 'busy'],
  // The shared-memory file is grown by ftruncate, whose "no space left" SQLite reports as an I/O error.
  [/^(SQLITE_FULL|SQLITE_IOERR_SHMSIZE|ENOSPC|EDQUOT)$/, 'full'],
  [/^SQLITE_(CORRUPT|IOERR_(CORRUPTFS|DATA))/, 'corrupt'],
  [/^(SQLITE_NOTADB|EISDIR|ENOTDIR)$/, 'not-a-store'],
  [/^ERR_INVALID_ARG/, 'invalid-argument'],
]

/** Fixed sentences: what an error says must never hold a path, SQL or a message's text. */
const sentences: Partial<Record<StoreErrorCode, string>> = {
  busy: 'another connection held the write lock for too long',
  full: 'no room left on the disk',
  corrupt: 'the database file is damaged',
  'not-a-store': 'this is not a message database',
  'invalid-argument': 'an argument is not usable',
}

/** Turns whatever was thrown into a {@link StoreError}, with the original as its `cause`. */
export function toStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error
  const code = codeOf(error)
  return new StoreError(code, sentences[code] ?? 'the operation failed', { cause: error })
}

/** Whether trying the same again a little later can succeed. */
export const isBusy = (error: unknown): boolean => toStoreError(error).code === 'busy'

function codeOf(error: unknown): StoreErrorCode {
  const original = error instanceof Error && 'code' in error ? String(error.code) : ''
  return translations.find(([pattern]) => pattern.test(original))?.[1] ?? 'failed'
}
