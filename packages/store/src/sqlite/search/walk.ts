import { countEntries, type IdRange, selectEntries } from '../../messages/list-queries.js'
import { type SearchFilters, sourcesOf } from '../../search/search-filters.js'
import type { SearchPatterns } from '../../text/search-patterns.js'
import { PARTITION_SIZE, partitionOf, toExpression } from '../search-index/entries.js'
import { SQLITE } from '../syntax.js'
import type { Read } from './reader.js'
import { countHits, type Hits, selectPartitions } from './search-queries.js'

const PARTITIONS_PER_READ = 16

/** What limits the work for one page. */
export interface SearchLimits {
  /** How many matches are looked at in one step, and for one page, if there are filters. */
  readonly hitsPerStep: number
  readonly hitsPerPage: number
  /** How many partitions are searched in one step, if there are no filters, and for one page. */
  readonly partitionsPerStep: number
  readonly partitionsPerPage: number
  /** If at most this many messages pass one of the filters, only those are looked up in the index. */
  readonly maxCandidates: number
}

/** What a walk searches. */
export interface WalkOptions {
  readonly patterns: SearchPatterns
  readonly filters: SearchFilters
  /** Only ids below this one. */
  readonly before: number
  readonly limits: SearchLimits
}

/** The way of a search through the index, from the newest message to the oldest, as far as one page allows. */
export interface Walk {
  /** Resolves with the next part to search; `null` at the end, or after the work of one page. */
  next(): Promise<Hits | null>
  /** The next page begins below this id; `null`: there is none. */
  rest(): number | null
}

export function createWalk(read: Read, { patterns, filters, before, limits }: WalkOptions): Walk {
  const isFiltered = Object.values(filters).some((value) => value !== undefined)
  let candidates: readonly number[] | null | undefined
  let rest: number | null = before
  /** The lowest partition of the last step. */
  let partition: number | undefined
  /** The next partitions that have messages, the nearest first. */
  let upcoming: number[] = []
  let width = 1
  let partitions = 0
  let hits = 0

  return { next, rest: () => rest }

  async function next(): Promise<Hits | null> {
    if (candidates === undefined) candidates = isFiltered ? await findCandidates() : null
    const step = rest === null ? [] : await findStep(rest)
    const lowest = step.at(-1)
    if (rest === null || lowest === undefined) {
      rest = null
      return null
    }
    if (lowest !== partition) partitions += step.length
    if (partitions > limits.partitionsPerPage || hits >= limits.hitsPerPage) return null
    partition = lowest
    const part = {
      expression: toExpression(patterns, step),
      filters,
      before: rest,
      after: lowest * PARTITION_SIZE - 1,
      ids: candidates?.filter((candidate) => partitionOf(candidate) === lowest),
    }
    const after = isFiltered && !candidates ? await findEdge(part) : part.after
    rest = after + 1
    return { ...part, after }
  }

  /** The partitions of the next step: the nearest that have messages below an id. */
  async function findStep(below: number): Promise<number[]> {
    if (candidates)
      return candidates
        .filter((id) => id < below)
        .slice(0, 1)
        .map(partitionOf)
    if (partitionOf(below - 1) === partition) return [partition]
    if (upcoming.length === 0) {
      const rows = await read(selectPartitions(below, PARTITIONS_PER_READ))
      upcoming = rows.map((row) => row.partition)
    }
    const step = upcoming.splice(0, width)
    // What fills no page in the newest partition is rare, and then a query costs more than what it does.
    if (!isFiltered) width = Math.min(2 * width, limits.partitionsPerStep)
    return step
  }

  /** Where a step of limited work ends. */
  async function findEdge(part: Hits): Promise<number> {
    const [{ count, lowest } = { count: 0, lowest: null }] = await read(
      countHits(part, limits.hitsPerStep + 1),
    )
    hits += Math.min(count, limits.hitsPerStep)
    return count > limits.hitsPerStep && lowest !== null ? lowest : part.after
  }

  /** The ids that pass one of the filters, the highest first, if they are few; otherwise `null`. */
  async function findCandidates(): Promise<number[] | null> {
    const range: IdRange = { ...filters, isForward: false }
    for (const source of sourcesOf(filters)) {
      const [{ found } = { found: 0 }] = await read(
        countEntries(SQLITE, range, { source, limit: limits.maxCandidates + 1 }),
      )
      if (found > limits.maxCandidates) continue
      const entries = await read(selectEntries(SQLITE, range, source))
      if (source === 'thread') entries.push(...(await read(selectEntries(SQLITE, range, 'first'))))
      return entries.map(({ id }) => id).sort((one, other) => other - one)
    }
    return null
  }
}
