import type { MessageQuery } from './message-query.js'
import { StoreError } from './store-error.js'
import type { Idempotency, MessageChange, MessageEdit, NewMessage } from './stored-message.js'
import type { RecordedVersion } from './synchronization.js'

const LONE_SURROGATE = /\p{Surrogate}/u
const TIME_LENGTH = '2025-01-09T00:06:41.000Z'.length
const FORMATS: readonly unknown[] = ['plain', 'markdown', 'reaction']
const EDITABLE_FORMATS: readonly unknown[] = ['plain', 'markdown']

/** @throws StoreError `invalid-argument` */
export function checkNewMessage(message: NewMessage): void {
  checkPosted(message)
  checkText('content', message.content)
  checkTime('updated_at', message.updated_at)
  if (message.format !== undefined) checkFormat(message.format, FORMATS)
  if (typeof message.topic === 'string') checkName('topic', message.topic)
  if (message.reply_to !== undefined) checkKey('reply_to', message.reply_to)
  checkIdempotency(message.idempotency)
}

/** @throws StoreError `invalid-argument` */
export function checkChange({ key, updated_at, updated_by, expected_version }: MessageChange): void {
  checkKey('key', key)
  checkTime('updated_at', updated_at)
  if (typeof updated_by === 'string') checkName('updated_by', updated_by)
  if (expected_version !== undefined) checkNumber('expected_version', expected_version)
}

/** @throws StoreError `invalid-argument` */
export function checkEdit(edit: MessageEdit): void {
  checkChange(edit)
  if (edit.content !== undefined) checkText('content', edit.content)
  if (edit.format !== undefined) checkFormat(edit.format, EDITABLE_FORMATS)
  if (typeof edit.topic === 'string') checkName('topic', edit.topic)
  checkIdempotency(edit.idempotency)
}

/** @throws StoreError `invalid-argument` */
export function checkRecordedVersion(version: RecordedVersion): void {
  checkPosted(version)
  checkText('content', version.content)
  checkTime('updated_at', version.updated_at)
  checkFormat(version.format, FORMATS)
  checkInteger('version', version.version, { min: 1, max: Number.MAX_SAFE_INTEGER })
  checkInteger('origin_id', version.origin_id, { min: 1, max: Number.MAX_SAFE_INTEGER })
  checkName('path', version.path)
  checkName('git_hash', version.git_hash)
  if (version.topic !== null) checkName('topic', version.topic)
  if (version.reply_to !== null) checkName('reply_to', version.reply_to)
  if (version.updated_by !== null) checkName('updated_by', version.updated_by)
  if (version.deleted_at === null) return
  checkTime('deleted_at', version.deleted_at)
  if (version.content !== '' || version.format !== 'plain') throw invalid('a tombstone must have no content')
}

function checkPosted(message: Pick<NewMessage, 'uid' | 'sender' | 'timestamp' | 'created_at'>): void {
  checkName('uid', message.uid)
  checkText('sender', message.sender)
  checkTime('timestamp', message.timestamp)
  checkTime('created_at', message.created_at)
}

function checkFormat(value: unknown, allowed: readonly unknown[]): void {
  if (!allowed.includes(value)) throw invalid(`format must be one of ${allowed.join(', ')}`)
}

function checkIdempotency(idempotency: Idempotency | undefined): void {
  if (!idempotency) return
  checkName('idempotency.key', idempotency.key)
  checkText('idempotency.fingerprint', idempotency.fingerprint)
}

/** The id (a number) or the uid (a string) of a message, stored or not. */
export function checkKey(name: string, value: unknown): void {
  if (typeof value === 'number') checkNumber(name, value)
  else checkText(name, value)
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

/** The filters that lists and searches share, and the page. */
export function checkFilters({ before, sender, topic, thread, since, until }: MessageQuery): void {
  if (before !== undefined) checkNumber('before', before)
  if (sender !== undefined) checkText('sender', sender)
  if (topic !== undefined) checkText('topic', topic)
  if (thread !== undefined) checkName('thread', thread)
  if (since !== undefined) checkTime('since', since)
  if (until !== undefined) checkTime('until', until)
}

/** The size of a page: 1 to 1000. */
export function checkLimit(value: unknown): void {
  checkInteger('limit', value, { min: 1, max: 1000 })
}

/** An id, a sequence or a count: 0 or more. */
export function checkNumber(name: string, value: unknown): void {
  checkInteger(name, value, { min: 0, max: Number.MAX_SAFE_INTEGER })
}

/** Text that every database keeps as it is: SQLite would replace a lone surrogate, and PostgreSQL has no NUL. */
export function checkText(name: string, value: unknown): void {
  if (typeof value !== 'string' || LONE_SURROGATE.test(value) || value.includes('\0')) {
    throw invalid(`${name} must be well-formed text without NUL`)
  }
}

/** Text that identifies something, and so is not empty: a uid, a path, a commit, an idempotency key. */
export function checkName(name: string, value: unknown): void {
  checkText(name, value)
  if (value === '') throw invalid(`${name} must not be empty`)
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
