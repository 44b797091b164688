import type { ImportedMessage, NewMessage } from './store.js'
import { StoreError } from './store-error.js'

const LONE_SURROGATE = /\p{Surrogate}/u
const TIME_LENGTH = '2025-01-09T00:06:41.000Z'.length

/** @throws StoreError `invalid-argument` */
export function checkNewMessage(message: NewMessage): void {
  checkFields(message)
  if (!message.idempotency) return
  checkName('idempotency.key', message.idempotency.key)
  checkText('idempotency.fingerprint', message.idempotency.fingerprint)
}

/** @throws StoreError `invalid-argument` */
export function checkImportedMessage(message: ImportedMessage): void {
  checkFields(message)
  checkName('path', message.path)
  checkName('git_hash', message.git_hash)
  checkInteger('origin_id', message.origin_id, { min: 1, max: Number.MAX_SAFE_INTEGER })
}

function checkFields(message: Omit<ImportedMessage, 'path' | 'origin_id' | 'git_hash'>): void {
  checkName('uid', message.uid)
  checkText('content', message.content)
  checkText('sender', message.sender)
  checkTime('timestamp', message.timestamp)
  checkTime('created_at', message.created_at)
  checkTime('updated_at', message.updated_at)
}

/** @throws StoreError `invalid-argument` unless these are options of known names; names an unknown one, never its value */
export function checkOptions(options: unknown, known: Readonly<Record<string, true>>): void {
  if (typeof options !== 'object' || options === null) throw invalid('options must be an object')
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(known, name))
  if (unknown !== undefined) throw invalid(`unknown option "${unknown}"`)
}

/** @throws StoreError `invalid-argument` unless `value` is a whole number from `min` to `max` */
export function checkInteger(name: string, value: unknown, { min, max }: { min: number; max: number }): void {
  if (!Number.isSafeInteger(value) || (value as number) < min || (value as number) > max) {
    throw invalid(`${name} must be a whole number from ${min} to ${max}`)
  }
}

/** The size of a page: 1 to 1000. */
export function checkLimit(value: unknown): void {
  checkInteger('limit', value, { min: 1, max: 1000 })
}

/** An id, a sequence or a count: 0 or more. */
export function checkNumber(name: string, value: unknown): void {
  checkInteger(name, value, { min: 0, max: Number.MAX_SAFE_INTEGER })
}

/** Well-formed text: SQLite would replace a lone surrogate, so that the text read is not the text written. */
export function checkText(name: string, value: unknown): void {
  if (typeof value !== 'string' || LONE_SURROGATE.test(value)) {
    throw invalid(`${name} must be well-formed text`)
  }
}

/** Text that identifies something: a uid, a path, a commit, an idempotency key. Not empty, and without NUL. */
export function checkName(name: string, value: unknown): void {
  checkText(name, value)
  if (value === '' || (value as string).includes('\0')) {
    throw invalid(`${name} must be non-empty text without NUL`)
  }
}

/** A list of uids, stored or not. */
export function checkUids(uids: unknown): void {
  if (!Array.isArray(uids)) throw invalid('uids must be an array')
  for (const uid of uids) checkText('uid', uid)
}

/** A time in the one form that sorts as text. */
export function checkTime(name: string, value: unknown): void {
  if (typeof value !== 'string' || value.length !== TIME_LENGTH || !isCanonicalTime(value)) {
    throw invalid(`${name} must be RFC 3339 in UTC with milliseconds, like 2025-01-09T00:06:41.000Z`)
  }
}

function isCanonicalTime(time: string): boolean {
  const parsed = new Date(time)
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString() === time
}

/** An `invalid-argument` error that names the rule and never repeats the value. */
export const invalid = (rule: string): StoreError => new StoreError('invalid-argument', rule)
