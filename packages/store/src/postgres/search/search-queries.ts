import { type RawBuilder, sql } from 'kysely'
import type { SearchIndexProgress } from '../../message-query.js'
import { all, countEntries, type IdRange, type IdSource, selectEntries } from '../../messages/list-queries.js'
import { isListed, MESSAGE_SELECTION, type MessageRow } from '../../messages/message-row.js'
import { type Occurrences, RANKED_CHARACTERS } from '../../search/rank.js'
import { passing, type SearchFilters } from '../../search/search-filters.js'
import type { SearchPatterns } from '../../text/search-patterns.js'
import type { PostgresReader } from '../reader.js'
import {
  checking,
  havingWords,
  isLookedUp,
  type LookedUp,
  lookingUp,
  PARTITION_SIZE,
} from './pattern-conditions.js'

/** What is searched, and how many ids are wanted. */
export interface IdSearch {
  readonly patterns: LookedUp
  readonly filters: SearchFilters
  /** Only ids below this one. */
  readonly before: number
  readonly limit: number
}

/** What was found in some partitions, in each row; `id` is null if nothing was. */
export interface FoundRow {
  /** How many match, whether they pass the filters or not, up to the number that is looked at; and the lowest of them. */
  readonly hits: number
  readonly lowest: number | null
  /** The highest id in the index below these partitions. */
  readonly below: number | null
  readonly id: number | null
}

/** What is read of the messages that are found: all, or only the ids. */
export type Wanted = 'messages' | 'ids'

/**
 * Finds messages in partitions, which begin with the highest and have no gaps: the newest that pass the filters, at most
 * `limit`, the highest id first. `id + 0` keeps the planner from reading the messages by their ids, and looking for the
 * words in each.
 */
export function selectFound(
  reader: PostgresReader,
  { patterns, filters, before, limit }: IdSearch,
  { highest, count, maxHits, wanted }: { highest: number; count: number; maxHits: number; wanted: Wanted },
) {
  const { name } = reader
  const lowest = highest - count + 1
  const partitions = sql`generate_series(${lowest}::bigint, ${highest}::bigint) as part(number)`
  const conditions = [
    ...lookingUp(patterns, sql`part.number`),
    sql<boolean>`search.id + 0 < ${before}`,
    ...checking(patterns, (pattern) => !isLookedUp(pattern, patterns)),
  ]
  const filtering = all(passing(reader, sql`hits.id`, filters))
  return sql<FoundRow>`
    with hits as materialized (
      select hit.id from ${partitions} cross join lateral (
        select search.id from ${name('search_index')} as search where ${all(conditions)}
        order by search.id + 0 desc limit ${maxHits}
      ) as hit order by hit.id desc limit ${maxHits}
    )
    select hits, lowest, below, messages.*
    from (
      select count(*) as hits, min(id) as lowest,
        (select max(id) from ${name('search_index')} where id < ${lowest * PARTITION_SIZE}) as below
      from hits
    ) as summary left join (
      ${selectWanted(reader, wanted, sql`select id from hits where ${filtering} order by id desc limit ${limit}`)}
    ) as messages on true
    order by messages.id desc
  `
}

/** What was found among the messages that pass a filter, in each row; `id` is null if nothing was. */
export interface AmongRow {
  /** How many were looked at, and the lowest id of them. */
  readonly candidates: number
  readonly lowest: number | null
  readonly id: number | null
}

/** Finds messages among the newest that pass a filter, by their words alone. */
export function selectFoundAmong(
  reader: PostgresReader,
  { patterns, filters, before, limit }: IdSearch,
  { source, wanted, maxCandidates }: { source: IdSource; wanted: Wanted; maxCandidates: number },
) {
  const range: IdRange = { ...filters, before, isForward: false }
  const sources: IdSource[] = source === 'thread' ? ['thread', 'first'] : [source]
  const candidates = sql.join(
    sources.map((one) => sql`(${selectEntries(reader, range, one)} limit ${maxCandidates})`),
    sql` union all `,
  )
  const conditions = all([
    sql<boolean>`search.id = any(array(select id from candidates))`,
    ...checking(patterns, () => true),
    ...passing(reader, sql`search.id`, filters),
  ])
  const found = sql`
    select search.id from ${reader.name('search_index')} as search where ${conditions} order by id desc limit ${limit}
  `
  return sql<AmongRow>`
    with candidates as materialized (
      select id from (${candidates}) as newest order by id desc limit ${maxCandidates}
    )
    select candidates, lowest, messages.*
    from (select count(*) as candidates, min(id) as lowest from candidates) as summary
    left join (${selectWanted(reader, wanted, found)}) as messages on true
    order by messages.id desc
  `
}

/** What was found among the newest messages, in each row; `id` is null if nothing was; and how complete the index is. */
export interface NewestRow extends SearchIndexProgress {
  /** How many were looked at, and how many of them have all the words that are required, in any order. */
  readonly entries: number
  readonly candidates: number
  /** The same of each of the patterns that are required. */
  readonly counts: readonly number[]
  /** The lowest id that was looked at. */
  readonly edge: number | null
  readonly id: number | null
}

/**
 * Finds messages among the newest `entries` that can be found, by their words alone: the quickest way to those with
 * common words.
 */
export function selectNewest(
  reader: PostgresReader,
  { patterns, filters, before, limit }: IdSearch,
  entries: number,
) {
  const { name } = reader
  const matching = all(checking(patterns, () => true))
  const filtering = all(passing(reader, sql`hits.id`, filters))
  const found = sql`select id from hits where ${filtering} order by id desc limit ${limit}`
  const having = patterns.required.map((pattern) => all(havingWords(pattern)))
  const counts = having.map((condition) => sql`count(*) filter (where ${condition})`)
  return sql<NewestRow>`
    with newest as materialized (
      select id, words from ${name('search_index')} where id < ${before} order by id desc limit ${entries}
    ), hits as materialized (select id from newest as search where ${matching})
    select indexed, until, entries, edge, candidates, counts, messages.*
    from ${name('search_progress')} as progress cross join (
      select count(*) as entries, min(id) as edge, count(*) filter (where ${all(having)}) as candidates,
        json_build_array(${sql.join(counts)}) as counts
      from newest as search
    ) as summary
    left join (${selectWanted(reader, 'messages', found)}) as messages on true
    order by messages.id desc
  `
}

/** Reads messages by an array of their ids, because a join may read all messages of a table that is taken for small. */
const selectWanted = ({ name }: PostgresReader, wanted: Wanted, found: RawBuilder<unknown>) =>
  wanted === 'ids'
    ? found
    : sql`
        select ${MESSAGE_SELECTION} from ${name('messages')} as messages
        where messages.id = any(array(${found})) and ${isListed('messages')}
      `

/** How many messages pass each of the filters, up to a limit. */
export interface CountsRow {
  readonly counts: readonly number[]
}

/** Counts what passes each of the filters, up to `limit`. */
export function countPassing(
  reader: PostgresReader,
  filters: SearchFilters,
  { sources, limit }: { sources: readonly IdSource[]; limit: number },
) {
  const counts = sources.map(
    (source) => sql`(${countEntries(reader, filters as IdRange, { source, limit })})`,
  )
  return sql<CountsRow>`select json_build_array(${sql.join(counts)}) as counts`
}

/** The messages with these ids, the highest first. */
export const selectMessages = ({ name }: PostgresReader, ids: readonly number[]) =>
  sql<MessageRow>`
    select ${MESSAGE_SELECTION} from ${name('messages')} as messages
    where id = any(${ids}::bigint[]) and ${isListed('messages')} order by id desc
  `

/** How often each of the patterns occurs in these messages, how long they are, and how many of a partition match each. */
export function countOccurrences(
  { name }: PostgresReader,
  { required }: SearchPatterns,
  ids: readonly number[],
  partition: number,
) {
  // What is removed leaves the words beside it as they are.
  const counts = required.map(({ words, isPrefix }) => {
    const text = words.map((word) => ` ${word}`).join(' ') + (isPrefix ? '' : ' ')
    return sql`(octet_length(spaced) - octet_length(replace(spaced, ${text}, ''))) / octet_length(${text})`
  })
  const matching = required.map((pattern) => {
    const found = all(lookingUp({ required: [pattern], excluded: [] }, sql`${partition}::bigint`))
    return sql`(select count(*) from ${name('search_index')} as search where ${found})`
  })
  return sql<Occurrences & { matching: number[] }>`
    with matching as materialized (select json_build_array(${sql.join(matching)}) as matching)
    select id, length, json_build_array(${sql.join(counts)}) as counts, matching
    from (
      select search.id, octet_length(search.words) as length,
        replace(left(search.words, ${sql.lit(RANKED_CHARACTERS)}), ' ', '  ') || ' ' as spaced
      from ${name('search_index')} as search where search.id = any(${ids}::bigint[])
    ) as matches cross join matching
  `
}
