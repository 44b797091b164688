import type { RawBuilder } from 'kysely'
import type { IdSource } from '../../messages/list-queries.js'
import { sourcesOf } from '../../search/search-filters.js'
import type { SearchRequest } from '../../search/search-request.js'
import type { PostgresReader } from '../reader.js'
import { countPassing, PARTITION_SIZE, selectIds, selectIdsAmong } from './search-queries.js'

/** What limits the work for one page. */
export interface SearchLimits {
  /** How many partitions one query searches, at most: the first one searches one. */
  readonly partitionsPerQuery: number
  readonly partitionsPerPage: number
  /** How many matches are looked at in one query, and for one page, if there are filters. */
  readonly hitsPerQuery: number
  readonly hitsPerPage: number
  /** If at most this many messages pass one of the filters, only those are looked at. */
  readonly maxCandidates: number
}

/** A search in one state of the database. */
export interface RunningSearch extends SearchRequest {
  readonly reader: PostgresReader
  /** The highest id of a message below `before`. */
  readonly newest: number | null
  readonly limits: SearchLimits
  run<Row>(query: RawBuilder<Row>): Promise<Row[]>
}

/** While few messages match, each query searches this many times as many partitions as the one before. */
const GROWTH = 8

/** Some ids, the highest first, and below which id to go on; `null`: there are no more. */
interface Found {
  readonly ids: readonly number[]
  readonly rest: number | null
}

/**
 * Finds ids that match, from the highest to the lowest: `limit` of them, all there are, or as many as the work for one
 * page has found.
 */
export async function findIds(search: RunningSearch): Promise<Found> {
  const source = await findFewest(search)
  if (source === undefined) return walk(search)
  const rows = await search.run(selectIdsAmong(search.reader, search, source))
  return { ids: rows.map(({ id }) => id), rest: null }
}

/** A filter that few messages pass, if there is one. */
async function findFewest({ run, reader, filters, limits }: RunningSearch): Promise<IdSource | undefined> {
  const sources = sourcesOf(filters)
  if (sources.length === 0) return undefined
  const limit = limits.maxCandidates + 1
  const [row] = await run(countPassing(reader, filters, { sources, limit }))
  return sources.find((_, index) => (row?.counts[index] ?? limit) < limit)
}

async function walk(search: RunningSearch): Promise<Found> {
  const { run, reader, newest, limits } = search
  const isFiltered = sourcesOf(search.filters).length > 0
  const ids: number[] = []
  let { before } = search
  let partitions = 0
  let hits = 0
  let count = 1
  for (let next = newest; next !== null; ) {
    const isOver = partitions >= limits.partitionsPerPage || hits >= limits.hitsPerPage
    if (ids.length >= search.limit || isOver) return { ids, rest: before }
    const limit = search.limit - ids.length
    const maxHits = isFiltered ? limits.hitsPerQuery : limit
    const highest = Math.floor(next / PARTITION_SIZE)
    count = Math.min(count, limits.partitionsPerPage - partitions, highest + 1)
    const [found] = await run(selectIds(reader, { ...search, before, limit }, { highest, count, maxHits }))
    if (!found) break
    ids.push(...found.ids)
    partitions += count
    hits += found.hits
    // If there are more, they begin below the lowest one that was looked at.
    const isPart = found.hits === maxHits
    before = isPart ? (found.lowest ?? 0) : (highest - count + 1) * PARTITION_SIZE
    next = isPart ? before - 1 : found.below
    if (isPart) count = 1
    else if (found.hits < maxHits / GROWTH) count = Math.min(count * GROWTH, limits.partitionsPerQuery)
  }
  return { ids, rest: null }
}
