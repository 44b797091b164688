import type { FoundMessages } from '../../message-query.js'
import { type MessageRow, toMessage } from '../../messages/message-row.js'
import { assertIndexed, MAX_RANKED, toSearchRequest } from '../../search/search-request.js'
import type { Store } from '../../store.js'
import { StoreError } from '../../store-error.js'
import type { SearchPatterns } from '../../text/search-patterns.js'
import type { PostgresDatabase } from '../database.js'
import type { PostgresReader } from '../reader.js'
import { findIds, type Run, type SearchLimits } from './find-ids.js'
import { rank, weightOf } from './rank.js'
import { countMatching, countOccurrences, PARTITION_SIZE, selectFound } from './search-queries.js'

/** Of the largest ones, in one query: some ten milliseconds. */
const MESSAGES_PER_READ = 100

const LIMITS: SearchLimits = {
  partitionsPerQuery: 64,
  partitionsPerPage: 1_024,
  hitsPerQuery: 4_000,
  hitsPerPage: 20_000,
  maxCandidates: 500,
}

/**
 * One transaction that sees one state of the database. The planner would rather read a small table than its index, but
 * cannot know that its texts may be long.
 */
const begin = (schema: string, before: number): string => `
  begin isolation level repeatable read, read only; set local enable_seqscan = off;
  select indexed, until, (select max(id) from ${schema}.messages where id < ${before}) as newest
  from ${schema}.search_progress where only_row = 1
`

interface Beginning {
  readonly indexed: number
  readonly until: number
  readonly newest: number | null
}

/** @see {@link Store.searchMessages} */
export function createSearchMessages(
  { transact, schema }: Pick<PostgresDatabase, 'transact' | 'schema'>,
  limits = LIMITS,
): Store['searchMessages'] {
  return async (given) => {
    const { isRanked, signal, ...search } = toSearchRequest(given)
    return transact(begin(schema, search.before), async (reader, [row]) => {
      const { indexed = 0, until = 0, newest = null } = (row ?? {}) as Partial<Beginning>
      assertIndexed({ indexed, until })
      const run: Run = async (query) => {
        if (signal?.aborted) throw new StoreError('aborted', 'aborted by the signal')
        return (await query.execute(reader.queries)).rows
      }
      const { patterns, limit } = search
      if (patterns.required.length === 0) return { messages: [], next: null }
      // One more than requested, to know whether there is a next page.
      const wanted = { ...search, limit: isRanked ? MAX_RANKED : limit + 1 }
      const { ids, rest } = await findIds(run, reader, { search: wanted, newest, limits })
      if (isRanked) {
        const best = (await rankIds(run, reader, { patterns, ids })).slice(0, limit)
        return { messages: await readMessages(run, reader, best), next: null }
      }
      const page = ids.slice(0, limit)
      const messages = await readMessages(run, reader, page)
      return { messages, next: ids.length > limit ? (page.at(-1) ?? null) : rest }
    }) satisfies Promise<FoundMessages>
  }
}

async function rankIds(
  run: Run,
  reader: PostgresReader,
  { patterns, ids }: { patterns: SearchPatterns; ids: readonly number[] },
): Promise<number[]> {
  const [newest] = ids
  if (newest === undefined) return []
  const matches = await run(countOccurrences(reader, patterns, ids))
  // Weights only make a difference between several patterns.
  if (patterns.required.length === 1) return rank(matches, [1])
  const [row] = await run(countMatching(reader, patterns, Math.floor(newest / PARTITION_SIZE)))
  return rank(matches, row?.counts.map((count) => weightOf(count, PARTITION_SIZE)) ?? [])
}

/** Reads messages in the order of the ids. */
async function readMessages(run: Run, reader: PostgresReader, ids: readonly number[]) {
  const rows = new Map<number, MessageRow>()
  for (let start = 0; start < ids.length; start += MESSAGES_PER_READ) {
    const part = await run(selectFound(reader, ids.slice(start, start + MESSAGES_PER_READ)))
    for (const row of part) rows.set(row.id, row)
  }
  return ids.flatMap((id) => rows.get(id) ?? []).map(toMessage)
}
