import { type RawBuilder, sql } from 'kysely'
import type { MessageQuery } from '../../message-query.js'
import { all, existsBy, timesOf } from '../../messages/list-queries.js'
import { isListed, MESSAGE_COLUMNS, type MessageRow } from '../../messages/message-row.js'
import { SQLITE } from '../syntax.js'

/** The filters of a search. */
export type SearchFilters = Pick<MessageQuery, 'sender' | 'topic' | 'thread' | 'since' | 'until'>

/** A part of a partition of the index, and what is searched there. */
export interface Hits {
  /** In FTS5's syntax, for this partition. */
  readonly expression: string
  readonly filters: SearchFilters
  /** Only ids below this one. */
  readonly before: number
  /** Only ids above this one. */
  readonly after: number
  /** Only these ids. */
  readonly ids?: readonly number[] | undefined
}

type Condition = RawBuilder<boolean>

const ID = sql<number>`search.rowid`

/** Whether the index has an entry for the found id that meets the condition. */
const exists = (index: string, condition: RawBuilder<unknown>) =>
  existsBy(SQLITE, index, { id: ID, condition })

const COLUMNS = sql.join(MESSAGE_COLUMNS.map((column) => sql.ref(column)))

/** The newest messages that match and pass the filters, read in the same state of the database as the index. */
export function selectFound(hits: Hits, limit: number) {
  const conditions = all([...matching(hits), ...passing(hits.filters)])
  return sql<MessageRow>`
    select ${COLUMNS} from messages where ${isListed('messages')} and id in (
      select ${ID} from search where ${conditions} order by ${ID} desc limit ${limit}
    ) order by id desc
  `
}

/** The ids of the newest messages that match and pass the filters, with their scores: the lower, the more relevant. */
export function selectScores(hits: Hits, limit: number) {
  const conditions = all([...matching(hits), ...passing(hits.filters)])
  return sql<{ id: number; score: number }>`
    select ${ID} as id, bm25(search) as score from search where ${conditions} order by ${ID} desc limit ${limit}
  `
}

/** Counts what matches, whether it passes the filters or not, up to `limit`; and the lowest id of what was counted. */
export function countHits(hits: Hits, limit: number) {
  const conditions = all(matching(hits))
  return sql<{ count: number; lowest: number | null }>`
    select count(*) as count, min(id) as lowest
    from (select ${ID} as id from search where ${conditions} order by ${ID} desc limit ${limit})
  `
}

/** The highest id of a message below this one. */
export const selectIdBelow = (id: number) =>
  sql<{ id: number | null }>`select max(id) as id from messages where id < ${id}`

function matching({ expression, before, after, ids }: Hits): Condition[] {
  return [
    sql<boolean>`search match ${expression}`,
    sql<boolean>`${ID} < ${before}`,
    sql<boolean>`${ID} > ${after}`,
    ...(ids === undefined ? [] : [sql<boolean>`${ID} in ${SQLITE.numbers(ids)}`]),
  ]
}

/** Each is looked up for one id, in an index that holds all it needs. */
function passing({ sender, topic, thread, since, until }: SearchFilters): Condition[] {
  const isTimed = since !== undefined || until !== undefined
  const times = all(timesOf(sql.ref('e.timestamp'), { since, until }))
  return [
    ...(sender === undefined ? [] : [exists('messages_by_sender', sql`e.sender = ${sender}`)]),
    ...(topic === undefined ? [] : [exists('messages_by_topic', sql`e.topic = ${topic}`)]),
    ...(thread === undefined ? [] : [isInThread(thread)]),
    ...(isTimed ? [exists('messages_by_id', times)] : []),
  ]
}

/** The first message of a thread is not among its replies. */
const isInThread = (thread: string): Condition =>
  sql<boolean>`(
    ${exists('messages_by_thread', sql`e.thread = ${thread}`)}
    or ${ID} = (select id from messages where uid = ${thread})
  )`
