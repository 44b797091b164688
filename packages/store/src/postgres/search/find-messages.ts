import type { RawBuilder } from 'kysely'
import type { IdSource } from '../../messages/list-queries.js'
import { skipBlocks } from '../../messages/time-blocks.js'
import { sourcesOf } from '../../search/search-filters.js'
import type { SearchRequest } from '../../search/search-request.js'
import { pairsOf } from '../../text/pairs.js'
import type { PostgresReader } from '../reader.js'
import { type LookedUp, PARTITION_SIZE } from './pattern-conditions.js'
import {
  type CountsRow,
  countPassing,
  type FoundRow,
  selectFound,
  selectFoundAmong,
  type Wanted,
} from './search-queries.js'

/** What limits the work for one page. */
export interface SearchLimits {
  /** How many partitions one query searches, at most: the first one searches one, or some if matches are rare. */
  readonly partitionsPerQuery: number
  /** How often an index is asked for a word in a partition. */
  readonly lookupsPerPage: number
  /** How many matches are looked at in one query, and for one page, if there are filters. */
  readonly hitsPerQuery: number
  readonly hitsPerPage: number
  /** How many messages that pass one of the filters are looked at first: all of them, or the newest. */
  readonly maxCandidates: number
  /** How many of the newest messages are looked at without the index; 0: none. */
  readonly newestEntries: number
}

/** A search in one state of the database. */
export interface RunningSearch extends SearchRequest {
  readonly patterns: LookedUp
  readonly reader: PostgresReader
  /** No message in the index below `before` has a higher id; `null`: there is none. */
  readonly newest: number | null
  readonly limits: SearchLimits
  /** Whether none of the newest messages have all the words. */
  readonly isRare: boolean
  /** The rows of {@link selectFirst}, if it was run already. */
  readonly first?: readonly unknown[] | undefined
  run<Row>(query: RawBuilder<Row>): Promise<Row[]>
}

/** The first query of a search: what passes the filters is counted; without any, the first partitions are searched. */
export function selectFirst(search: Omit<RunningSearch, 'run'>): RawBuilder<CountsRow | FoundRow> {
  const { reader, filters, limits } = search
  const sources = sourcesOf(filters)
  if (sources.length > 0) return countPassing(reader, filters, { sources, limit: limits.maxCandidates + 1 })
  const next = search.newest ?? 0
  const limit = countNext(search, [], 'messages')
  return selectFound(reader, { ...search, limit }, toPart(search, { next, limit, wanted: 'messages' }))
}

/** How many partitions to search, and how many matches to look at if there are filters. Default: those of a first query. */
interface Effort {
  readonly count?: number
  readonly hits?: number
}

/** The partitions to search next, and how many matches to look at. */
function toPart(
  search: Omit<RunningSearch, 'run'>,
  {
    next,
    limit,
    wanted,
    count = search.isRare ? PARTITIONS_IF_RARE : FIRST_PARTITIONS[wanted],
    rest = partitionsPerPage(search),
    hits = limit * FIRST_HITS,
  }: Effort & { next: number; limit: number; wanted: Wanted; rest?: number },
) {
  const { filters, limits } = search
  const highest = Math.floor(next / PARTITION_SIZE)
  const maxHits = sourcesOf(filters).length > 0 ? Math.min(hits, limits.hitsPerQuery) : limit
  return { highest, count: Math.min(count, limits.partitionsPerQuery, rest, highest + 1), maxHits, wanted }
}

/** How many partitions have about as many matches as one query looks at. */
const countFitting = ({ count, maxHits }: { count: number; maxHits: number }, hits: number): number =>
  Math.max(1, Math.floor(count * Math.min(GROWTH, maxHits / hits)))

function partitionsPerPage({ patterns, limits }: Omit<RunningSearch, 'run'>): number {
  const lookups = patterns.required.flatMap((pattern) => pairsOf(pattern) ?? pattern.words)
  return Math.max(1, Math.floor(limits.lookupsPerPage / lookups.length))
}

/** Of the largest ones, some ten milliseconds. */
export const MESSAGES_PER_QUERY = 100

/** While few messages match, each query searches up to this many times as many partitions as the one before. */
const GROWTH = 8

/** With filters, how many matches the first query looks at for each message that is wanted. */
const FIRST_HITS = 20

/** The highest partition may have begun just now. Of the messages that are ranked there are more than in one. */
const FIRST_PARTITIONS: Readonly<Record<Wanted, number>> = { messages: 1, ids: 2 }

/** Then they are unlikely to have more matches than one in which every other message matches. */
const PARTITIONS_IF_RARE = 16

/** Some of what is found, the highest id first, and below which id to go on; `null`: there is no more. */
interface Found<Row> {
  readonly rows: readonly Row[]
  readonly rest: number | null
}

/** What is known at least of a message that is found. */
type Identified = { readonly id: number }

/**
 * Finds messages, from the highest id to the lowest: `limit` of them, all there are, or as many as the work for one page
 * has found. What is common is soon found among the newest that pass a filter.
 */
export async function find<Row extends Identified>(
  search: RunningSearch,
  wanted: Wanted,
): Promise<Found<Row>> {
  const sources = sourcesOf(search.filters)
  if (sources.length === 0) return walk(search, wanted, search.first as FoundRow[] | undefined)
  const [passing] = (search.first ?? (await search.run(selectFirst(search)))) as CountsRow[]
  const few = sources.find((_, index) => Number(passing?.counts[index]) <= search.limits.maxCandidates)
  const source = few ?? sources.find((name) => name !== 'times')
  if (source === undefined) return walk(search, wanted)
  const { rows, rest } = await findAmong<Row>(search, source, wanted)
  if (rest === null) return { rows, rest }
  const further = await walk<Row>({ ...search, before: rest, limit: search.limit - rows.length }, wanted)
  return { rows: [...rows, ...further.rows], rest: further.rest }
}

/** Looks at the newest messages of a source. */
async function findAmong<Row extends Identified>(
  search: RunningSearch,
  source: IdSource,
  wanted: Wanted,
): Promise<Found<Row>> {
  const { maxCandidates } = search.limits
  const rows: Row[] = []
  for (let { before } = search; ; before = rows.at(-1)?.id ?? 0) {
    const limit = countNext(search, rows, wanted)
    const options = { source, wanted, maxCandidates }
    const found = await search.run(selectFoundAmong(search.reader, { ...search, before, limit }, options))
    const [{ candidates, lowest } = { candidates: 0, lowest: null }] = found
    const passing = found.filter(({ id }) => id !== null) as unknown as Row[]
    rows.push(...passing)
    if (rows.length === search.limit) return { rows, rest: null }
    if (passing.length < limit) return { rows, rest: candidates < maxCandidates ? null : lowest }
  }
}

/** How many to find in the next query. */
function countNext(
  { limit }: Pick<RunningSearch, 'limit'>,
  rows: readonly unknown[],
  wanted: Wanted,
): number {
  const rest = limit - rows.length
  return wanted === 'messages' ? Math.min(rest, MESSAGES_PER_QUERY) : rest
}

async function walk<Row extends Identified>(
  search: RunningSearch,
  wanted: Wanted,
  first?: readonly FoundRow[],
): Promise<Found<Row>> {
  const { run, reader, limits } = search
  const rows: Row[] = []
  const range = { ...search.filters, before: search.before, isForward: false }
  const start = await skipBlocks({ syntax: reader, run }, range)
  if (!start) return { rows, rest: null }
  let { before } = start
  const newest = search.newest === null ? null : Math.min(search.newest, before - 1)
  let partitions = 0
  let hits = 0
  let effort: Effort = {}
  /** Whether a part of the next partition may not be searched: then few matches there say nothing of the others. */
  let isRest = true
  for (let next = newest; next !== null; ) {
    const rest = partitionsPerPage(search) - partitions
    const isOver = rest <= 0 || hits >= limits.hitsPerPage
    if (rows.length >= search.limit || isOver) return { rows, rest: before }
    const limit = countNext(search, rows, wanted)
    const part = toPart(search, { next, limit, wanted, rest, ...effort })
    const isFirst = partitions === 0
    const found = (isFirst && first) || (await run(selectFound(reader, { ...search, before, limit }, part)))
    const [summary] = found
    if (!summary) break
    const passing = found.filter(({ id }) => id !== null) as unknown as Row[]
    rows.push(...passing)
    partitions += part.count
    // If there are more, they begin below the last one, or below the lowest one that was looked at.
    const isFull = passing.length === limit
    const isPart = isFull || summary.hits === part.maxHits
    hits += isFull ? limit : summary.hits
    before = isPart
      ? ((isFull ? passing.at(-1)?.id : summary.lowest) ?? 0)
      : (part.highest - part.count + 1) * PARTITION_SIZE
    next = isPart ? before - 1 : summary.below
    const isWhole = part.count > 1 || !isRest
    if (isFull) effort = { count: 1 }
    else if (isPart) effort = { count: 1, hits: part.maxHits * GROWTH }
    else effort = { count: isWhole ? countFitting(part, summary.hits) : part.count, hits: part.maxHits }
    isRest = isPart
  }
  return { rows, rest: null }
}
