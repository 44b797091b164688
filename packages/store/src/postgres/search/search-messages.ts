import type { FoundMessages, SearchIndexProgress } from '../../message-query.js'
import { type MessageRow, toMessage } from '../../messages/message-row.js'
import { rank, weightOf } from '../../search/rank.js'
import {
  assertIndexed,
  MAX_RANKED,
  type SearchRequest,
  toSearchRequest,
} from '../../search/search-request.js'
import type { Store } from '../../store.js'
import { StoreError } from '../../store-error.js'
import type { StoredMessage } from '../../stored-message.js'
import type { SearchPatterns } from '../../text/search-patterns.js'
import type { PostgresDatabase } from '../database.js'
import { toText } from '../query-text.js'
import type { PostgresReader } from '../reader.js'
import {
  find,
  MESSAGES_PER_QUERY,
  type RunningSearch,
  type SearchLimits,
  selectFirst,
} from './find-messages.js'
import { type LookedUp, PARTITION_SIZE } from './pattern-conditions.js'
import { countOccurrences, selectMessages, selectNewest } from './search-queries.js'

const LIMITS: SearchLimits = {
  partitionsPerQuery: 256,
  lookupsPerPage: 512,
  hitsPerQuery: 4_000,
  hitsPerPage: 4_000,
  maxCandidates: 500,
  newestEntries: 100,
}

/**
 * The planner would rather read a small table than its index, but cannot know that its texts may be long: so it is told
 * for this transaction. And it takes a search for so expensive that it would compile it, which takes longer.
 */
const USE_INDEXES = 'set local enable_seqscan = off; set local jit = off'

const selectProgress = (schema: string): string =>
  `select indexed, until from "${schema}".search_progress where only_row = 1`

const selectHighest = (schema: string, before: number): string =>
  `select max(id) as id from "${schema}".search_index where id < ${before}`

/** @see {@link Store.searchMessages} */
export function createSearchMessages(database: PostgresDatabase, limits = LIMITS): Store['searchMessages'] {
  const { read, snapshot, schema } = database

  return async (given) => {
    const request = toSearchRequest(given)
    throwIfAborted(request)
    const isSimple = !request.isRanked && request.patterns.required.length > 0
    if (isSimple && request.limit < limits.newestEntries) return searchNewestFirst(request)
    return snapshot(search, USE_INDEXES, selectProgress(schema), selectHighest(schema, request.before))

    async function search(
      reader: PostgresReader,
      [highest]: readonly unknown[],
      [progress]: readonly unknown[] = [],
    ): Promise<FoundMessages> {
      assertIndexed(progress as SearchIndexProgress)
      if (request.patterns.required.length === 0) return { messages: [], next: null }
      const { id: newest } = highest as { id: number | null }
      const running = start(request, { reader, newest, isRare: false })
      return request.isRanked ? readRelevant(running) : readNewest(running)
    }
  }

  /** Looks at the newest messages without the index, and then for what is below them. */
  async function searchNewestFirst(request: SearchRequest): Promise<FoundMessages> {
    const { limit } = request
    const rows = await read(async (reader) => {
      const query = selectNewest(
        reader as PostgresReader,
        { ...request, limit: limit + 1 },
        limits.newestEntries,
      )
      return (await query.execute(reader.queries)).rows
    })
    const [summary] = rows
    if (!summary) return { messages: [], next: null }
    assertIndexed(summary)
    const found = rows.filter(({ id }) => id !== null) as unknown as MessageRow[]
    const { entries, edge, candidates, counts } = summary
    if (found.length > limit || entries < limits.newestEntries || edge === null) return toPage(found, limit)

    const rest = { ...request, patterns: rarestFirst(request.patterns, counts), before: edge }
    const state = { newest: edge - 1, isRare: candidates === 0 }
    const dry = start({ ...rest, limit: limit + 1 - found.length }, { reader: database, ...state })
    const first = toText(selectFirst(dry).compile(database.queries))
    return snapshot(searchRest, USE_INDEXES, selectProgress(schema), first)

    function searchRest(
      reader: PostgresReader,
      firstRows: readonly unknown[],
      [progress]: readonly unknown[] = [],
    ): Promise<FoundMessages> {
      assertIndexed(progress as SearchIndexProgress)
      return readNewest(start(rest, { reader, ...state, first: firstRows }), found)
    }
  }

  function start(
    request: SearchRequest & Pick<RunningSearch, 'patterns'>,
    state: Pick<RunningSearch, 'reader' | 'newest' | 'isRare' | 'first'>,
  ): RunningSearch {
    return {
      ...request,
      ...state,
      limits,
      async run(query) {
        throwIfAborted(request)
        return (await query.execute(state.reader.queries)).rows
      },
    }
  }
}

/** Reading the index for more words takes longer than looking for them in the few texts that have these. */
const MAX_LOOKED_UP = 4

/**
 * Which patterns to look up: the rarest.
 *
 * @param counts how many of some messages have the words of each pattern that is required
 */
function rarestFirst({ required, excluded }: SearchPatterns, counts: readonly number[]): LookedUp {
  const sorted = required
    .map((pattern, index) => ({ pattern, count: counts[index] ?? 0 }))
    .sort((one, other) => one.count - other.count)
    .map(({ pattern }) => pattern)
  let words = 0
  const rest = sorted.findIndex((pattern, index) => {
    words += pattern.words.length
    return index > 0 && words > MAX_LOOKED_UP
  })
  if (rest < 0) return { required: sorted, excluded }
  return { required: sorted.slice(0, rest), alsoRequired: sorted.slice(rest), excluded }
}

function throwIfAborted({ signal }: SearchRequest): void {
  if (signal?.aborted) throw new StoreError('aborted', 'aborted by the signal')
}

/** @param rows at least one more than `limit`, if there is a next page */
function toPage(rows: readonly MessageRow[], limit: number, rest: number | null = null): FoundMessages {
  const messages = rows.slice(0, limit).map(toMessage)
  return { messages, next: rows.length > limit ? (messages.at(-1)?.id ?? null) : rest }
}

/** @param found the first messages of the page */
async function readNewest(search: RunningSearch, found: readonly MessageRow[] = []): Promise<FoundMessages> {
  const { limit } = search
  const wanted = limit + 1 - found.length
  const { rows, rest } = await find<MessageRow>({ ...search, limit: wanted }, 'messages')
  return toPage([...found, ...rows], limit, rest)
}

async function readRelevant(search: RunningSearch): Promise<FoundMessages> {
  const { reader, patterns, run } = search
  const { rows } = await find({ ...search, limit: MAX_RANKED }, 'ids')
  const [newest] = rows
  if (newest === undefined) return { messages: [], next: null }
  const ids = rows.map(({ id }) => id)
  const matches = await run(countOccurrences(reader, patterns, ids, Math.floor(newest.id / PARTITION_SIZE)))
  const weights = matches[0]?.matching.map((count) => weightOf(count, PARTITION_SIZE)) ?? []
  const best = rank(matches, weights)
  return { messages: await readMessages(search, best.slice(0, search.limit)), next: null }
}

/** Reads messages in the order of the ids. */
async function readMessages(
  { reader, run }: RunningSearch,
  ids: readonly number[],
): Promise<StoredMessage[]> {
  const rows = new Map<number, MessageRow>()
  for (let start = 0; start < ids.length; start += MESSAGES_PER_QUERY) {
    const part = await run(selectMessages(reader, ids.slice(start, start + MESSAGES_PER_QUERY)))
    for (const row of part) rows.set(row.id, row)
  }
  return ids.flatMap((id) => rows.get(id) ?? []).map(toMessage)
}
