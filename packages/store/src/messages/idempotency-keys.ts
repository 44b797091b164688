import { toTime } from '../clock.js'
import type { Reader, Writer } from '../database/database.js'
import { StoreError } from '../store-error.js'
import type { StoredMessage } from '../stored-message.js'
import { MESSAGE_COLUMNS, toMessage } from './message-row.js'

const RETENTION_MS = 24 * 60 * 60 * 1000

/** The first use of an idempotency key: the fingerprint of the request, and the message that it created or edited. */
export interface FirstUse {
  readonly fingerprint: string
  /** The message as it is stored now. */
  readonly message: StoredMessage
  /** The version that an edit resulted in; `null` if the request created the message. */
  readonly version: number | null
}

/** The first uses of those of the given keys that are stored, by key. */
export async function readFirstUses(
  { queries, texts }: Reader,
  keys: readonly string[],
): Promise<Map<string, FirstUse>> {
  if (keys.length === 0) return new Map()
  const rows = await queries
    .selectFrom('idempotency_keys')
    .innerJoin('messages', 'messages.id', 'idempotency_keys.message_id')
    .select(['key', 'fingerprint', 'idempotency_keys.version as used_version', ...MESSAGE_COLUMNS])
    .where('key', 'in', texts(keys))
    .execute()
  return new Map(
    rows.map((row) => [
      row.key,
      { fingerprint: row.fingerprint, message: toMessage(row), version: row.used_version },
    ]),
  )
}

/**
 * Stores first uses, and deletes up to twice as many expired ones: so the table shrinks by itself, and no single
 * transaction has to delete the keys of a whole day.
 */
export async function saveFirstUses(
  writer: Writer,
  uses: ReadonlyMap<string, FirstUse>,
  now: number,
): Promise<void> {
  if (uses.size === 0) return
  await writer.queries.insertInto('idempotency_keys').values(toRows(uses, now)).execute()
  await deleteExpiredKeys(writer, { now, limit: 2 * uses.size })
}

/** First uses as rows of `idempotency_keys`. */
export const toRows = (uses: ReadonlyMap<string, FirstUse>, now: number) =>
  [...uses].map(([key, { fingerprint, message, version }]) => ({
    key,
    fingerprint,
    message_id: message.id,
    version,
    created_at: toTime(now),
  }))

/**
 * Checks that a key is used again for the same request: with the same fingerprint, and by the same call.
 *
 * @throws StoreError `idempotency-key-reused`
 */
export function assertSameRequest(
  first: FirstUse,
  { fingerprint, isSameCall }: { fingerprint: string; isSameCall: boolean },
): void {
  if (isSameCall && first.fingerprint === fingerprint) return
  throw new StoreError('idempotency-key-reused', 'the idempotency key was used for another request')
}

/** Deletes the oldest expired keys, at most `limit`. */
export async function deleteExpiredKeys(
  { queries }: Reader,
  { now, limit }: { now: number; limit: number },
): Promise<void> {
  const expired = queries
    .selectFrom('idempotency_keys')
    .select('key')
    .where('created_at', '<', toTime(now - RETENTION_MS))
    .orderBy('created_at')
    .limit(limit)
  await queries.deleteFrom('idempotency_keys').where('key', 'in', expired).execute()
}
