import type { RawBuilder } from 'kysely'
import { sourcesOf } from '../../search/search-filters.js'
import type { PostgresReader } from '../reader.js'
import { countPassing, type IdSearch, PARTITION_SIZE, selectIds, selectIdsAmong } from './search-queries.js'

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

/** While few messages match, each query searches this many times as many partitions as the one before. */
const GROWTH = 4

/** Runs a query of a search. */
export type Run = <Row>(query: RawBuilder<Row>) => Promise<Row[]>

/** Some ids, the highest first, and below which id to go on; `null`: there are no more. */
interface Found {
  readonly ids: readonly number[]
  readonly rest: number | null
}

/**
 * Finds ids that match, from the highest to the lowest: `limit` of them, all there are, or as many as the work for one
 * page has found.
 *
 * @param newest the highest id of a message below `before`
 */
export async function findIds(
  run: Run,
  reader: PostgresReader,
  { search, newest, limits }: { search: IdSearch; newest: number | null; limits: SearchLimits },
): Promise<Found> {
  const sources = sourcesOf(search.filters)
  if (sources.length > 0) {
    const limit = limits.maxCandidates + 1
    const [row] = await run(countPassing(reader, search.filters, { sources, limit }))
    const few = sources.find((_, index) => (row?.counts[index] ?? limit) < limit)
    if (few) {
      const rows = await run(selectIdsAmong(reader, search, few))
      return { ids: rows.map(({ id }) => id), rest: null }
    }
  }
  return walk()

  async function walk(): Promise<Found> {
    const ids: number[] = []
    let { before } = search
    let partitions = 0
    let hits = 0
    let count = 1
    let next = newest
    while (next !== null) {
      const highest = Math.floor(next / PARTITION_SIZE)
      const limit = search.limit - ids.length
      const maxHits = sources.length > 0 ? limits.hitsPerQuery : limit
      count = Math.min(count, limits.partitionsPerPage - partitions)
      const part = { ...search, before, limit }
      const [found] = await run(selectIds(reader, part, { highest, count, maxHits }))
      if (!found) break
      ids.push(...found.ids)
      partitions += count
      hits += found.hits
      const isPart = found.hits === maxHits
      before = isPart ? (found.lowest ?? 0) : Math.max(highest - count + 1, 0) * PARTITION_SIZE
      next = isPart ? before - 1 : found.below
      const isOver = partitions >= limits.partitionsPerPage || hits >= limits.hitsPerPage
      if (ids.length >= search.limit || (isOver && next !== null)) return { ids, rest: before }
      if (found.hits < maxHits / GROWTH) count = Math.min(count * GROWTH, limits.partitionsPerQuery)
      else if (isPart) count = 1
    }
    return { ids, rest: null }
  }
}
