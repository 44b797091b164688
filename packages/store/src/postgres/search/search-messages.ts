import type { FoundMessages, SearchIndexProgress } from '../../message-query.js'
import { type MessageRow, toMessage } from '../../messages/message-row.js'
import { assertIndexed, MAX_RANKED, toSearchRequest } from '../../search/search-request.js'
import type { Store } from '../../store.js'
import { StoreError } from '../../store-error.js'
import type { StoredMessage } from '../../stored-message.js'
import type { PostgresDatabase } from '../database.js'
import type { PostgresReader } from '../reader.js'
import { findIds, type RunningSearch, type SearchLimits } from './find-ids.js'
import { rank, weightOf } from './rank.js'
import { countMatching, countOccurrences, PARTITION_SIZE, selectFound } from './search-queries.js'

/** Of the largest ones, in one query: some ten milliseconds. */
const MESSAGES_PER_READ = 100

const LIMITS: SearchLimits = {
  partitionsPerQuery: 128,
  partitionsPerPage: 1_024,
  hitsPerQuery: 4_000,
  hitsPerPage: 20_000,
  maxCandidates: 500,
}

/**
 * The planner would rather read a small table than its index, but cannot know that its texts may be long: so it is told
 * for this transaction.
 */
const USE_INDEXES = 'set local enable_seqscan = off'

const selectBeginning = (schema: string, before: number): string => `
  select indexed, until, (select max(id) from "${schema}".messages where id < ${before}) as newest
  from "${schema}".search_progress where only_row = 1
`

/** @see {@link Store.searchMessages} */
export function createSearchMessages(
  { snapshot, schema }: Pick<PostgresDatabase, 'snapshot' | 'schema'>,
  limits = LIMITS,
): Store['searchMessages'] {
  return async (given) => {
    const request = toSearchRequest(given)

    async function search(reader: PostgresReader, [row]: readonly unknown[]): Promise<FoundMessages> {
      const { newest, ...progress } = row as SearchIndexProgress & { newest: number | null }
      assertIndexed(progress)
      if (request.patterns.required.length === 0) return { messages: [], next: null }
      const running: RunningSearch = {
        ...request,
        ...{ reader, newest, limits },
        async run(query) {
          if (request.signal?.aborted) throw new StoreError('aborted', 'aborted by the signal')
          return (await query.execute(reader.queries)).rows
        },
      }
      return request.isRanked ? readRelevant(running) : readNewest(running)
    }
    return snapshot(search, USE_INDEXES, selectBeginning(schema, request.before))
  }
}

async function readNewest(search: RunningSearch): Promise<FoundMessages> {
  const { limit } = search
  // One more than requested, to know whether there is a next page.
  const { ids, rest } = await findIds({ ...search, limit: limit + 1 })
  const page = ids.slice(0, limit)
  const messages = await readMessages(search, page)
  return { messages, next: ids.length > limit ? (page.at(-1) ?? null) : rest }
}

async function readRelevant(search: RunningSearch): Promise<FoundMessages> {
  const { reader, patterns, run } = search
  const { ids } = await findIds({ ...search, limit: MAX_RANKED })
  const [newest] = ids
  if (newest === undefined) return { messages: [], next: null }
  const matches = await run(countOccurrences(reader, patterns, ids))
  const [row] = await run(countMatching(reader, patterns, Math.floor(newest / PARTITION_SIZE)))
  const best = rank(matches, row?.counts.map((count) => weightOf(count, PARTITION_SIZE)) ?? [])
  return { messages: await readMessages(search, best.slice(0, search.limit)), next: null }
}

/** Reads messages in the order of the ids. */
async function readMessages(
  { reader, run }: RunningSearch,
  ids: readonly number[],
): Promise<StoredMessage[]> {
  const rows = new Map<number, MessageRow>()
  for (let start = 0; start < ids.length; start += MESSAGES_PER_READ) {
    const part = await run(selectFound(reader, ids.slice(start, start + MESSAGES_PER_READ)))
    for (const row of part) rows.set(row.id, row)
  }
  return ids.flatMap((id) => rows.get(id) ?? []).map(toMessage)
}
