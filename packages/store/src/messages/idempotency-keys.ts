import type { Kysely, Transaction } from 'kysely'
import { toTime } from '../clock.js'
import { jsonValues } from '../sqlite/json-values.js'
import type { Schema } from '../sqlite/schema.js'
import type { StoredMessage } from '../store.js'
import { messageColumns, toMessage } from './message-row.js'

/** Keys are kept at least 24 hours. */
const retention = 24 * 60 * 60 * 1000

/** The first use of an idempotency key: what was asked, and the message that answered it. */
export interface FirstUse {
  readonly fingerprint: string
  readonly message: StoredMessage
}

/** The first uses of the given keys, where they are remembered. */
export async function recallKeys(
  queries: Kysely<Schema>,
  keys: readonly string[],
): Promise<Map<string, FirstUse>> {
  if (keys.length === 0) return new Map()
  const rows = await queries
    .selectFrom('idempotency_keys')
    .innerJoin('messages', 'messages.id', 'idempotency_keys.message_id')
    .select(['key', 'fingerprint', ...messageColumns])
    .where('key', 'in', jsonValues(keys))
    .execute()
  return new Map(rows.map((row) => [row.key, { fingerprint: row.fingerprint, message: toMessage(row) }]))
}

/**
 * Remembers first uses, and forgets twice as many that have expired: so the table shrinks back by itself, and no
 * single call pays for a day's worth of keys.
 */
export async function rememberKeys(
  transaction: Transaction<Schema>,
  uses: ReadonlyMap<string, FirstUse>,
  now: number,
): Promise<void> {
  if (uses.size === 0) return
  const rows = [...uses].map(([key, { fingerprint, message }]) => ({
    key,
    fingerprint,
    message_id: message.id,
    created_at: toTime(now),
  }))
  await transaction.insertInto('idempotency_keys').values(rows).execute()
  await forgetExpiredKeys(transaction, { now, limit: 2 * uses.size })
}

/** Deletes the oldest expired keys, at most `limit`. */
async function forgetExpiredKeys(
  transaction: Transaction<Schema>,
  { now, limit }: { now: number; limit: number },
): Promise<void> {
  const expired = transaction
    .selectFrom('idempotency_keys')
    .select('key')
    .where('created_at', '<', toTime(now - retention))
    .orderBy('created_at')
    .limit(limit)
  await transaction.deleteFrom('idempotency_keys').where('key', 'in', expired).execute()
}
