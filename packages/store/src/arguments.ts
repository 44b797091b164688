import { StoreError } from './store-error.js'

const loneSurrogate = /\p{Surrogate}/u
const lengthOfTime = '2025-01-09T00:06:41.000Z'.length

/** @throws StoreError `invalid-argument` unless `value` is a whole number within the bounds. */
export function checkInteger(name: string, value: unknown, bounds: { least: number; most: number }): void {
  if (!Number.isSafeInteger(value) || (value as number) < bounds.least || (value as number) > bounds.most) {
    throw invalid(`${name} must be a whole number from ${bounds.least} to ${bounds.most}`)
  }
}

/** The size of a page: 1 to 1000. */
export function checkLimit(value: unknown): void {
  checkInteger('limit', value, { least: 1, most: 1000 })
}

/** An id, a sequence or another count: 0 or more. */
export function checkNumber(name: string, value: unknown): void {
  checkInteger(name, value, { least: 0, most: Number.MAX_SAFE_INTEGER })
}

/** Text that comes back byte for byte: SQLite would replace a lone surrogate. */
export function checkText(name: string, value: unknown): void {
  if (typeof value !== 'string' || loneSurrogate.test(value))
    throw invalid(`${name} must be well-formed text`)
}

/** Text that names something: a uid, a path, a commit, an idempotency key. Not empty and without NUL. */
export function checkName(name: string, value: unknown): void {
  checkText(name, value)
  if (value === '' || (value as string).includes('\0'))
    throw invalid(`${name} must be text without NUL, not empty`)
}

/** A list of uids, also of messages that are not stored. */
export function checkUids(uids: unknown): void {
  if (!Array.isArray(uids)) throw invalid('uids must be an array')
  for (const uid of uids) checkText('uid', uid)
}

/** Times are compared as text, so there is only one way to write one. */
export function checkTime(name: string, value: unknown): void {
  if (typeof value !== 'string' || value.length !== lengthOfTime || !isCanonical(value)) {
    throw invalid(`${name} must be RFC 3339 in UTC with milliseconds, like 2025-01-09T00:06:41.000Z`)
  }
}

/** An `invalid-argument` that says what would be right and never repeats what was given. */
export const invalid = (rule: string): StoreError => new StoreError('invalid-argument', rule)

function isCanonical(time: string): boolean {
  const parsed = new Date(time)
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString() === time
}
