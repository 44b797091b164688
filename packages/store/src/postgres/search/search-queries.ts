import { type RawBuilder, sql } from 'kysely'
import type { SearchIndexProgress } from '../../message-query.js'
import { all, countEntries, type IdRange, type IdSource, selectEntries } from '../../messages/list-queries.js'
import { isListed, MESSAGE_SELECTION, type MessageRow } from '../../messages/message-row.js'
import { RANKED_CHARACTERS } from '../../search/rank.js'
import { passing, type SearchFilters } from '../../search/search-filters.js'
import type { SearchPattern, SearchPatterns } from '../../text/search-patterns.js'
import type { PostgresReader } from '../reader.js'

/** Of the ids. As in the index, which cannot be read with another number. */
export const PARTITION_SIZE = 4_096

/** What is searched, and how many ids are wanted. */
export interface IdSearch {
  readonly patterns: SearchPatterns
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
  /** The highest id of a message below these partitions. */
  readonly below: number | null
  readonly id: number | null
}

/** What is read of the messages that are found: all, or only the ids. */
export type Wanted = 'messages' | 'ids'

/** The indexed expression. */
const TERMS = sql`replace(search.words, ' ', ' ' || (search.id / ${sql.lit(PARTITION_SIZE)})::text || '.')::tsvector`

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
    sql<boolean>`${TERMS} @@ replace(${toTerms(patterns)}, '_', part.number::text || '.')::tsquery`,
    sql<boolean>`search.id + 0 < ${before}`,
    ...checking(patterns, (pattern) => pattern.words.length > 1),
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
        (select max(id) from ${name('messages')} where id < ${lowest * PARTITION_SIZE}) as below
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
  /** How many were looked at, and how many of them match, whether they pass the filters or not. */
  readonly entries: number
  readonly hits: number
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
  return sql<NewestRow>`
    with newest as materialized (
      select id, words from ${name('search_index')} where id < ${before} order by id desc limit ${entries}
    ), hits as materialized (select id from newest as search where ${matching})
    select indexed, until, entries, edge, hits, messages.*
    from ${name('search_progress')} as progress
    cross join (select count(*) as entries, min(id) as edge, (select count(*) from hits) as hits from newest) as summary
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

/** Counts what passes each of the filters, up to `limit`. */
export function countPassing(
  reader: PostgresReader,
  filters: SearchFilters,
  { sources, limit }: { sources: readonly IdSource[]; limit: number },
) {
  const counts = sources.map(
    (source) => sql`(${countEntries(reader, filters as IdRange, { source, limit })})`,
  )
  return sql<{ counts: number[] }>`select json_build_array(${sql.join(counts)}) as counts`
}

/** The messages with these ids, the highest first. */
export const selectMessages = ({ name }: PostgresReader, ids: readonly number[]) =>
  sql<MessageRow>`
    select ${MESSAGE_SELECTION} from ${name('messages')} as messages
    where id = any(${ids}::bigint[]) and ${isListed('messages')} order by id desc
  `

/** How often each of the patterns occurs in these messages, and how long they are. */
export function countOccurrences(
  { name }: PostgresReader,
  { required }: SearchPatterns,
  ids: readonly number[],
) {
  const text = sql`left(search.words, ${sql.lit(RANKED_CHARACTERS)})`
  const counts = required.map(
    ({ words, isPrefix }) => sql`regexp_count(${text}, ${toText(words) + (isPrefix ? '' : '(?![^ ])')})`,
  )
  return sql<{ id: number; length: number; counts: number[] }>`
    select search.id, octet_length(search.words) as length, json_build_array(${sql.join(counts)}) as counts
    from ${name('search_index')} as search where search.id = any(${ids}::bigint[])
  `
}

/** How many messages of a partition have the words of each pattern. */
export function countMatching({ name }: PostgresReader, { required }: SearchPatterns, partition: number) {
  const counts = required.map((pattern) => {
    const terms = toTerms({ required: [pattern], excluded: [] }).replaceAll('_', `${partition}.`)
    return sql`(select count(*) from ${name('search_index')} as search where ${TERMS} @@ ${terms}::tsquery)`
  })
  return sql<{ counts: number[] }>`select json_build_array(${sql.join(counts)}) as counts`
}

/** As a `tsquery`, with `_` for the partition: words have nothing to quote, and no `_`. Phrases are checked apart. */
function toTerms({ required, excluded }: SearchPatterns): string {
  const toTerm = ({ words, isPrefix }: SearchPattern) =>
    words.map((word, index) => `'_${word}'${isPrefix && index === words.length - 1 ? ':*' : ''}`).join(' & ')
  const single = excluded.filter(({ words }) => words.length === 1)
  return [...required.map(toTerm), ...single.map((pattern) => `!${toTerm(pattern)}`)].join(' & ')
}

/** Looks for the words of some patterns in the text of all words: exact, however long it is. */
function checking(
  { required, excluded }: SearchPatterns,
  isChecked: (pattern: SearchPattern) => boolean,
): RawBuilder<boolean>[] {
  const place = ({ words, isPrefix }: SearchPattern) =>
    isPrefix
      ? sql`strpos(search.words, ${toText(words)})`
      : sql`strpos(search.words || ' ', ${`${toText(words)} `})`
  return [
    ...required.filter(isChecked).map((pattern) => sql<boolean>`${place(pattern)} > 0`),
    ...excluded.filter(isChecked).map((pattern) => sql<boolean>`${place(pattern)} = 0`),
  ]
}

const toText = (words: readonly string[]): string => words.map((word) => ` ${word}`).join('')
