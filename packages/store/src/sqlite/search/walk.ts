import { countEntries, type IdRange, selectEntries } from '../../messages/list-queries.js'
import type { MessageRow } from '../../messages/message-row.js'
import { skipBlocks } from '../../messages/time-blocks.js'
import { type SearchFilters, sourcesOf } from '../../search/search-filters.js'
import type { SearchPattern, SearchPatterns } from '../../text/search-patterns.js'
import { PARTITION_SIZE, partitionOf, toExpression } from '../search-index/entries.js'
import { SQLITE } from '../syntax.js'
import type { Read } from './reader.js'
import { countHits, type Hits, selectFound, selectPartitions } from './search-queries.js'

const PARTITIONS_PER_READ = 16
/** Of the largest ones, in one query: a few milliseconds. */
export const MESSAGES_PER_READ = 25

/** What limits the work for one page. */
export interface SearchLimits {
  /** How many matches are looked at in one step, and for one page, if there are filters. */
  readonly hitsPerStep: number
  readonly hitsPerPage: number
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
  const wholeWords = patterns.required.some(({ isPrefix }) => isPrefix) ? wholeWordsOf(patterns) : []
  let candidates: readonly number[] | null | undefined
  let rest: number | null = before
  /** The one of the last step. */
  let partition: number | undefined
  /** The next partitions that have messages, the nearest first. */
  let upcoming: number[] = []
  let partitions = 0
  let hits = 0

  return { next, rest: () => rest }

  async function next(): Promise<Hits | null> {
    if (candidates === undefined) {
      candidates = isFiltered ? await findCandidates() : null
      if (!candidates) rest = await findStart(before)
    }
    while (rest !== null) {
      const nearest = await findPartition(rest)
      if (nearest === null) {
        rest = null
        return null
      }
      if (nearest !== partition) partitions += 1
      if (partitions > limits.partitionsPerPage || hits >= limits.hitsPerPage) return null
      partition = nearest
      const part = {
        expression: toExpression(patterns, nearest),
        filters,
        before: rest,
        after: nearest * PARTITION_SIZE - 1,
        ids: candidates?.filter((candidate) => partitionOf(candidate) === nearest),
      }
      if (await hasWholeWords(part, nearest)) {
        const after = isFiltered && !candidates ? await findEdge(part) : part.after
        rest = after + 1
        return { ...part, after }
      }
      rest = part.after + 1
    }
    return null
  }

  /** Below which id messages are within the times. */
  async function findStart(below: number): Promise<number | null> {
    const range = { ...filters, before: below, isForward: false }
    return (await skipBlocks({ syntax: SQLITE, run: read }, range))?.before ?? null
  }

  /** Looks for the words beside a prefix first, because finding all words with a prefix takes much longer. */
  async function hasWholeWords(part: Hits, nearest: number): Promise<boolean> {
    if (wholeWords.length === 0) return true
    const expression = toExpression({ required: wholeWords, excluded: [] }, nearest)
    const [{ count } = { count: 0 }] = await read(countHits({ ...part, expression }, 1))
    return count > 0
  }

  /** The nearest partition that has messages below an id. */
  async function findPartition(below: number): Promise<number | null> {
    if (candidates) {
      const id = candidates.find((candidate) => candidate < below)
      return id === undefined ? null : partitionOf(id)
    }
    if (partitionOf(below - 1) === partition) return partition
    if (upcoming.length === 0) {
      const rows = await read(selectPartitions(below, PARTITIONS_PER_READ))
      upcoming = rows.map((row) => row.partition)
    }
    return upcoming.shift() ?? null
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

/** Reads the newest messages of a part, at most `wanted`. */
export async function readPart(read: Read, part: Hits, wanted: number): Promise<MessageRow[]> {
  const found: MessageRow[] = []
  for (let { before } = part; found.length < wanted; before = found.at(-1)?.id ?? 0) {
    const count = Math.min(wanted - found.length, MESSAGES_PER_READ)
    const rows = await read(selectFound({ ...part, before }, count))
    found.push(...rows)
    if (rows.length < count) break
  }
  return found
}

/** What must be there beside a prefix. */
const wholeWordsOf = ({ required }: SearchPatterns): SearchPattern[] =>
  required
    .map(({ words, isPrefix }) => ({ words: isPrefix ? words.slice(0, -1) : words, isPrefix: false }))
    .filter(({ words }) => words.length > 0)
