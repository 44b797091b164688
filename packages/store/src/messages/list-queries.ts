import { type Kysely, type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import type { MessagesTable, Schema } from '../sqlite/schema.js'
import type { MessageQuery } from '../store.js'
import { MESSAGE_COLUMNS } from './message-row.js'

/**
 * Where the ids of a page are found. Every source, and every condition on it, is an index that holds all it needs: a
 * message is read only if it is listed, because the long ones cost a hundred times as much as an entry of an index.
 *
 * - `sender`: the messages of the sender, in the order of the ids
 * - `all`: all messages, in the order of the ids
 * - `times`: the messages within the times, to be sorted
 * - `outbox`: the messages that are not synchronized, to be sorted
 */
export type IdSource = 'sender' | 'all' | 'times' | 'outbox'

/** Which messages to list: the conditions, the bounds of the ids, and the direction from one bound to the other. */
export interface IdRange extends Omit<MessageQuery, 'limit'> {
  /** From the lowest id upwards. */
  readonly isForward: boolean
}

/** From `since` to just before `until`. */
export interface Times {
  readonly since?: string | undefined
  readonly until?: string | undefined
}

type Condition = RawBuilder<boolean>

/** The latest messages, with no conditions but on the id, in the direction of the range. */
export function selectLatest(
  queries: Kysely<Schema>,
  { before, after, isForward }: Pick<IdRange, 'before' | 'after' | 'isForward'>,
  limit: number,
): SelectQueryBuilder<Schema, 'messages', MessagesTable> {
  let page = queries.selectFrom('messages').select(MESSAGE_COLUMNS).limit(limit)
  if (before !== undefined) page = page.where('id', '<', before)
  if (after !== undefined) page = page.where('id', '>', after)
  return page.orderBy('id', isForward ? 'asc' : 'desc')
}

/** The first messages of the range that meet all conditions, in no particular order. */
export function selectMessages(
  queries: Kysely<Schema>,
  range: IdRange,
  { source, limit }: { source: IdSource; limit: number },
): SelectQueryBuilder<Schema, 'messages', MessagesTable> {
  const conditions = [...boundsOf(range, source), ...conditionsOf(range, source)]
  const ids = sql<number>`(${selectIds(source, range, conditions)} limit ${limit})`
  return queries.selectFrom('messages').select(MESSAGE_COLUMNS).where('id', 'in', ids)
}

/** The first id of the range after this many entries of the source, whether they meet the conditions or not. */
export function selectEdge(range: IdRange, source: 'sender' | 'all', entries: number) {
  return sql<{ id: number }>`${selectIds(source, range, boundsOf(range, source))} limit 1 offset ${entries}`
}

/** The number of messages within the times, counted up to `limit`. */
export function countWithin({ since, until }: Times, limit: number) {
  const within = sql`select 1 from messages as m indexed by messages_by_timestamp where ${all(timesOf(sql.ref('m.timestamp'), { since, until }))}`
  return sql<{ found: number }>`select count(*) as found from (${within} limit ${limit})`
}

const TABLES: Record<IdSource, RawBuilder<unknown>> = {
  sender: sql`select m.id as id from messages as m indexed by messages_by_sender`,
  all: sql`select m.id as id from messages as m indexed by messages_by_id`,
  times: sql`select m.id as id from messages as m indexed by messages_by_timestamp`,
  outbox: sql`select m.message_id as id from outbox as m`,
}

function selectIds(source: IdSource, { isForward }: IdRange, conditions: readonly Condition[]) {
  const direction = isForward ? sql`asc` : sql`desc`
  return sql`${TABLES[source]} where ${all(conditions)} order by ${idOf(source)} ${direction}`
}

const idOf = (source: IdSource) => sql.ref(source === 'outbox' ? 'm.message_id' : 'm.id')

/** The conditions by which the index of the source is searched. */
function boundsOf({ before, after, sender, since, until }: IdRange, source: IdSource): Condition[] {
  const id = idOf(source)
  return [
    ...(before === undefined ? [] : [sql<boolean>`${id} < ${before}`]),
    ...(after === undefined ? [] : [sql<boolean>`${id} > ${after}`]),
    ...(source === 'sender' ? [sql<boolean>`m.sender = ${sender}`] : []),
    ...(source === 'times' ? timesOf(sql.ref('m.timestamp'), { since, until }) : []),
  ]
}

/** The other conditions, each looked up for one id. Scalar, so that SQLite cannot turn them into the outer loop. */
function conditionsOf({ sender, since, until, synchronized }: IdRange, source: IdSource): Condition[] {
  const id = idOf(source)
  const isTimed = since !== undefined || until !== undefined
  const times = all(timesOf(sql.ref(source === 'all' ? 'm.timestamp' : 't.timestamp'), { since, until }))
  const isWithin = sql<boolean>`(select ${times} from messages as t indexed by messages_by_id where t.id = ${id})`
  const bySender = sql`select 1 from messages as s indexed by messages_by_sender where s.sender = ${sender} and s.id = ${id}`
  const unsynchronized = sql<boolean>`(select 1 from outbox as o where o.message_id = ${id}) is not null`
  return [
    ...(!isTimed || source === 'times' ? [] : [source === 'all' ? times : isWithin]),
    ...(sender === undefined || source === 'sender' ? [] : [sql<boolean>`(${bySender}) is not null`]),
    ...(synchronized === undefined || source === 'outbox'
      ? []
      : [synchronized ? sql<boolean>`not ${unsynchronized}` : unsynchronized]),
  ]
}

function timesOf(timestamp: RawBuilder<unknown>, { since, until }: Times): Condition[] {
  return [
    ...(since === undefined ? [] : [sql<boolean>`${timestamp} >= ${since}`]),
    ...(until === undefined ? [] : [sql<boolean>`${timestamp} < ${until}`]),
  ]
}

const all = (conditions: readonly Condition[]): Condition =>
  conditions.length > 0 ? sql<boolean>`${sql.join(conditions, sql` and `)}` : sql<boolean>`true`
