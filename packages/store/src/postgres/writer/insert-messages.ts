import { type RawBuilder, type Selectable, sql } from 'kysely'
import { NEW_RANK, type Schema } from '../../database/schema.js'
import { ROW_COLUMNS, toRow } from '../../messages/message-row.js'
import type { StoredMessage } from '../../stored-message.js'
import type { PostgresReader } from '../reader.js'
import { insertEntries, OR_REPLACE } from '../search-index/entries.js'
import { MERGE_TOPICS } from './topics.js'

/** What is stored with new messages. */
export interface Additions {
  /** Their changes, whose sequences follow this one, in the order of their ids, which have no gaps. */
  readonly changes?: { readonly lastSequence: number; readonly createdAt: string }
  /** Idempotency keys. */
  readonly keys?: readonly Selectable<Schema['idempotency_keys']>[]
}

const COLUMNS = sql.join(ROW_COLUMNS.map((column) => sql.ref(column)))

/** Inserts messages that have their ids, with everything that belongs to them; `undefined`: there is nothing to insert. */
export function insertionOf(
  reader: PostgresReader,
  messages: readonly StoredMessage[],
  additions: Additions = {},
): RawBuilder<unknown> | undefined {
  const parts = [
    ...messagesOf(reader, messages),
    ...changesOf(reader, messages, additions),
    ...topicsOf(reader, messages),
    ...wordsOf(reader, messages),
    ...keysOf(reader, additions),
  ]
  return parts.length === 0 ? undefined : sql`with ${sql.join(parts)} select 1`
}

function messagesOf({ name }: PostgresReader, messages: readonly StoredMessage[]): RawBuilder<unknown>[] {
  if (messages.length === 0) return []
  const rows = JSON.stringify(messages.map(toObject))
  return [
    sql`rows as (select * from json_populate_recordset(null::${name('messages')}, ${rows}::json))`,
    sql`inserted as (insert into ${name('messages')} (${COLUMNS}) select ${COLUMNS} from rows)`,
    sql`ordered as (insert into ${name('feed_order')} (position, message_id) select position, id from rows)`,
  ]
}

/** The columns that are not null. */
const toObject = (message: StoredMessage): Record<string, number | string> =>
  Object.fromEntries(
    toRow(message).flatMap((value, index) => (value === null ? [] : [[ROW_COLUMNS[index], value]])),
  )

function changesOf(
  { name }: PostgresReader,
  [first]: readonly StoredMessage[],
  { changes }: Additions,
): RawBuilder<unknown>[] {
  if (!changes || !first) return []
  const { lastSequence, createdAt } = changes
  return [
    sql`changed as (
      insert into ${name('outbox')} (sequence, message_id, version, rank, created_at)
      select id + ${lastSequence - first.id + 1}::bigint, id, version, ${sql.lit(NEW_RANK)}, ${createdAt} from rows
    )`,
  ]
}

function topicsOf({ name }: PostgresReader, messages: readonly StoredMessage[]): RawBuilder<unknown>[] {
  if (messages.every(({ topic }) => topic === null)) return []
  return [
    sql`counted as (
      insert into ${name('topics')} as topics (topic, messages, last_at)
      select topic, count(*), max(timestamp) from rows where topic is not null and kind = 0 group by topic
      ${MERGE_TOPICS}
    )`,
  ]
}

function wordsOf(reader: PostgresReader, messages: readonly StoredMessage[]): RawBuilder<unknown>[] {
  const insertion = insertEntries(reader, messages)
  return insertion ? [sql`indexed as (${insertion} ${OR_REPLACE})`] : []
}

function keysOf({ name }: PostgresReader, { keys = [] }: Additions): RawBuilder<unknown>[] {
  if (keys.length === 0) return []
  const table = name('idempotency_keys')
  return [
    sql`remembered as (
      insert into ${table} (key, fingerprint, message_id, version, created_at)
      select key, fingerprint, message_id, version, created_at
      from json_populate_recordset(null::${table}, ${JSON.stringify(keys)}::json)
    )`,
  ]
}
