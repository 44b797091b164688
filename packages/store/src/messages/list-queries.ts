import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import type { Reader, Syntax } from '../database/database.js'
import type { Schema } from '../database/schema.js'
import type { MessageQuery } from '../message-query.js'
import { isDeleted, isListed, isReaction, MESSAGE_COLUMNS, type MessageRow } from './message-row.js'

/** The filters on one column, each with an index in the order of the ids. */
export const EQUALITIES = ['sender', 'topic', 'thread', 'reply_to'] as const
type Equality = (typeof EQUALITIES)[number]

/**
 * Where the ids of a page are found. Every source, and every condition on it, is an index that holds all it needs: a
 * message is read only if it is listed, because the long ones cost a hundred times as much as an entry of an index.
 * Reactions and tombstones are short, so their conditions are looked up in the messages themselves.
 *
 * - an equality: the messages that meet it, in the order of the ids; of a thread without its first message
 * - `messages`, `reactions`, `deleted`, `all`: those of {@link MessageQuery.include}, in the order of the ids
 * - `first`: the first message of a thread
 * - `sender_and_topic`: the messages that meet both equalities, in the order of the ids. They are the only two that many
 *   messages can meet
 * - `times`: the messages within the times, to be sorted
 * - `outbox`: the messages that are not synchronized, to be sorted
 */
export type IdSource =
  | Equality
  | 'sender_and_topic'
  | NonNullable<MessageQuery['include']>
  | 'first'
  | 'times'
  | 'outbox'

/** Which messages to list: the conditions, the bounds of the ids, and the direction from one bound to the other. */
export interface IdRange extends Omit<MessageQuery, 'limit' | 'signal'> {
  /** From the lowest id upwards. */
  readonly isForward: boolean
}

/** From `since` to just before `until`. */
export interface Times {
  readonly since?: string | undefined
  readonly until?: string | undefined
}

type Condition = RawBuilder<boolean>

/** The sources of the equalities among some conditions. */
export function equalitiesOf(conditions: Partial<Record<Equality, unknown>>): IdSource[] {
  const columns = EQUALITIES.filter((column) => conditions[column] !== undefined)
  if (!columns.includes('sender') || !columns.includes('topic')) return columns
  return ['sender_and_topic', ...columns.filter((column) => column !== 'sender' && column !== 'topic')]
}

/** The columns that the entries of a source have in common. */
function columnsOf(source: IdSource): readonly Equality[] {
  if (source === 'sender_and_topic') return ['sender', 'topic']
  return EQUALITIES.filter((column) => column === source)
}
type MessageSelect = SelectQueryBuilder<Schema, 'messages', MessageRow>

/** The first messages of the range that meet all conditions, in no particular order. */
export function selectMessages(
  reader: Reader,
  range: IdRange,
  { source, limit }: { source: IdSource; limit: number },
): MessageSelect {
  const conditions = [...boundsOf(range, source), ...conditionsOf(reader, range, source)]
  const ids = sql<number>`(${selectIds(reader, range, { source, conditions })} limit ${limit})`
  return reader.queries.selectFrom('messages').select(MESSAGE_COLUMNS).where('id', 'in', ids)
}

/** The first id of the range after this many entries of the source, whether they meet the conditions or not. */
export function selectEdge(
  syntax: Syntax,
  range: IdRange,
  { source, entries }: { source: IdSource; entries: number },
) {
  const ids = selectIds(syntax, range, { source, conditions: boundsOf(range, source) })
  return sql<{ id: number }>`${ids} limit 1 offset ${entries}`
}

/** All ids of a source within the range, whether they meet the other conditions or not. */
export function selectEntries(syntax: Syntax, range: IdRange, source: IdSource) {
  return sql<{ id: number }>`${selectIds(syntax, range, { source, conditions: boundsOf(range, source) })}`
}

/** The number of entries of a source, counted up to `limit`. */
export function countEntries(
  syntax: Syntax,
  range: Omit<IdRange, 'before' | 'after'>,
  { source, limit }: { source: IdSource; limit: number },
) {
  const entries = sql`select 1 ${tableOf(syntax, source, range)} where ${all(boundsOf(range, source))}`
  return sql<{ found: number }>`select count(*) as found from (${entries} limit ${limit}) as entries`
}

/** The index that holds all that is needed of a source, unless its rows are read; `null`: the rows themselves. */
const INDEXES: Partial<Record<IdSource, string | null>> = {
  sender: 'messages_by_sender',
  topic: 'messages_by_topic',
  sender_and_topic: 'messages_by_sender_and_topic',
  thread: 'messages_by_thread',
  reply_to: 'messages_by_reply_to',
  messages: 'messages_by_id',
  reactions: 'messages_reactions_by_id',
  deleted: 'messages_deleted',
  times: 'messages_by_timestamp',
  all: null,
}

/** More than are ever sorted. */
const MAX_TIMES = 2_000

function tableOf({ name, indexedBy }: Syntax, source: IdSource, range: Times): RawBuilder<unknown> {
  if (source === 'outbox') return sql`from ${name('outbox')} as m`
  const index = INDEXES[source]
  const messages = sql`from ${name('messages')} as m ${index === undefined ? sql`` : indexedBy(index)}`
  if (source !== 'times') return messages
  // In order, and limited, because PostgreSQL may expect to meet many of those times soon without their index.
  const isWithin = all([...timesOf(sql.ref('m.timestamp'), range), isListed('m')])
  return sql`from (select m.id ${messages} where ${isWithin} order by m.timestamp limit ${sql.lit(MAX_TIMES)}) as m`
}

/** Sources of which every row is read, because it is short, or the only one. */
const isRead = (source: IdSource): boolean => ['reactions', 'deleted', 'all', 'first'].includes(source)

function selectIds(
  syntax: Syntax,
  range: IdRange,
  { source, conditions }: { source: IdSource; conditions: readonly Condition[] },
) {
  const direction = range.isForward ? sql`asc` : sql`desc`
  const id = idOf(source)
  // A message has a change for each pending version.
  const distinct = source === 'outbox' ? sql`distinct` : sql``
  return sql`select ${distinct} ${id} as id ${tableOf(syntax, source, range)} where ${all(conditions)} order by ${id} ${direction}`
}

const idOf = (source: IdSource) => sql.ref(source === 'outbox' ? 'm.message_id' : 'm.id')

/** The conditions by which the index of the source is searched. */
function boundsOf(range: IdRange, source: IdSource): Condition[] {
  const { before, after } = range
  const id = idOf(source)
  return [
    ...(before === undefined ? [] : [sql<boolean>`${id} < ${before}`]),
    ...(after === undefined ? [] : [sql<boolean>`${id} > ${after}`]),
    ...columnsOf(source).map((column) => sql<boolean>`${sql.ref(`m.${column}`)} = ${range[column]}`),
    ...(source === 'first' ? [sql<boolean>`m.uid = ${range.thread}`] : []),
    ...(['outbox', 'all', 'times'].includes(source) ? [] : [kindOf(source)]),
  ]
}

function kindOf(source: IdSource): Condition {
  if (source === 'reactions') return isReaction('m')
  return source === 'deleted' ? isDeleted('m') : isListed('m')
}

/** The other conditions, each looked up for one id. Scalar, so that SQLite cannot turn them into the outer loop. */
function conditionsOf(syntax: Syntax, range: IdRange, source: IdSource): Condition[] {
  const { since, until, synchronized } = range
  const id = idOf(source)
  const isTimed = since !== undefined || until !== undefined
  const unsynchronized = sql<boolean>`(
    select 1 from ${syntax.name('outbox')} as o where o.message_id = ${id} limit 1
  ) is not null`
  return [
    ...(isTimed && source !== 'times' ? [withinTimes(syntax, range, source)] : []),
    ...(source === 'outbox' && !isTimed
      ? [existsBy(syntax, 'messages_by_id', { id, condition: sql`true` })]
      : []),
    ...EQUALITIES.flatMap((column) => {
      const value = range[column]
      if (value === undefined || columnsOf(source).includes(column)) return []
      if (source === 'first' && column === 'thread') return []
      const isEqual = (table: string) => sql<boolean>`${sql.ref(`${table}.${column}`)} = ${value}`
      if (isRead(source)) {
        return column === 'thread' ? [sql<boolean>`(${isEqual('m')} or m.uid = ${value})`] : [isEqual('m')]
      }
      return [existsBy(syntax, `messages_by_${column}`, { id, condition: isEqual('e') })]
    }),
    ...(synchronized === undefined || source === 'outbox'
      ? []
      : [synchronized ? sql<boolean>`not ${unsynchronized}` : unsynchronized]),
  ]
}

/** Whether the index has an entry for this id that meets the condition. */
export const existsBy = (
  { name, indexedBy }: Syntax,
  index: string,
  { id, condition }: Record<'id' | 'condition', RawBuilder<unknown>>,
) =>
  sql<boolean>`(
    select 1 from ${name('messages')} as e ${indexedBy(index)}
    where e.id = ${id} and ${condition} and ${isListed('e')}
  ) is not null`

function withinTimes(syntax: Syntax, times: Times, source: IdSource): Condition {
  if (isRead(source) || source === 'messages') return all(timesOf(sql.ref('m.timestamp'), times))
  const condition = all(timesOf(sql.ref('e.timestamp'), times))
  return existsBy(syntax, 'messages_by_id', { id: idOf(source), condition })
}

export function timesOf(timestamp: RawBuilder<unknown>, { since, until }: Times): Condition[] {
  return [
    ...(since === undefined ? [] : [sql<boolean>`${timestamp} >= ${since}`]),
    ...(until === undefined ? [] : [sql<boolean>`${timestamp} < ${until}`]),
  ]
}

export const all = (conditions: readonly Condition[]): Condition =>
  conditions.length > 0 ? sql<boolean>`${sql.join(conditions, sql` and `)}` : sql<boolean>`true`
