import { type RawBuilder, sql } from 'kysely'
import { all } from '../../messages/list-queries.js'
import { isListed, MESSAGE_SELECTION, type MessageRow } from '../../messages/message-row.js'
import { passing, type SearchFilters } from '../../search/search-filters.js'
import { PARTITION_SIZE } from '../search-index/entries.js'
import { SQLITE } from '../syntax.js'

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
/** As a number of the statement: a parameter would not be divided as an integer. */
const SIZE = sql.lit(PARTITION_SIZE)

/** The newest messages that match and pass the filters, read in the same state of the database as the index. */
export function selectFound(hits: Hits, limit: number) {
  return sql<MessageRow>`
    select ${MESSAGE_SELECTION} from messages where ${isListed('messages')} and id in (${selectIds(hits, limit)})
    order by id desc
  `
}

/** The ids of the newest entries of the index that match and pass the filters. */
export function selectIds(hits: Hits, limit: number) {
  const conditions = all([...matching(hits), ...passing(SQLITE, ID, hits.filters)])
  return sql<{ id: number }>`
    select ${ID} as id from search where ${conditions} order by ${ID} desc limit ${limit}
  `
}

/** The texts of messages, in any order. */
export const selectTexts = (ids: readonly number[]) =>
  sql<Pick<MessageRow, 'id' | 'content'>>`select id, content from messages where id in ${SQLITE.numbers(ids)}`

/** Those of these messages that pass the filters, whatever their texts, in any order. */
export function selectPassing(ids: readonly number[], filters: SearchFilters) {
  const conditions = all([isListed('messages'), ...passing(SQLITE, sql.ref('messages.id'), filters)])
  return sql<MessageRow>`
    select ${MESSAGE_SELECTION} from messages where id in ${SQLITE.numbers(ids)} and ${conditions}
  `
}

/** The newest messages above the id `after` that pass the filters, whatever their texts. */
export function selectTail({ filters, before, after }: Omit<Hits, 'expression'>, limit: number) {
  const conditions = all([isListed('messages'), ...passing(SQLITE, sql.ref('messages.id'), filters)])
  return sql<MessageRow>`
    select ${MESSAGE_SELECTION} from messages
    where id < ${before} and id > ${after} and ${conditions} order by id desc limit ${limit}
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

/** The partitions of messages below an id, the newest first. */
export const selectPartitions = (below: number, limit: number) => sql<{ partition: number }>`
  with recursive newest (id) as (
    select max(id) from messages where id < ${below}
    union all
    select (select max(id) from messages where id < newest.id / ${SIZE} * ${SIZE})
    from newest where newest.id is not null limit ${limit}
  )
  select id / ${SIZE} as partition from newest where id is not null
`

function matching({ expression, before, after, ids }: Hits): Condition[] {
  return [
    sql<boolean>`search match ${expression}`,
    sql<boolean>`${ID} < ${before}`,
    sql<boolean>`${ID} > ${after}`,
    ...(ids === undefined ? [] : [sql<boolean>`${ID} in ${SQLITE.numbers(ids)}`]),
  ]
}
