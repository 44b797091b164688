import type { Database } from '../../database/database.js'
import type { FoundMessages } from '../../message-query.js'
import { toMessage } from '../../messages/message-row.js'
import { assertIndexed, toSearchRequest } from '../../search/search-request.js'
import type { Store } from '../../store.js'
import { readProgress } from '../search-index/writer.js'
import { createReader, type Read } from './reader.js'
import { readRelevant } from './relevance.js'
import { readTail, type TailSearch } from './tail.js'
import { createWalk, readPart, type SearchLimits, type Walk } from './walk.js'

const LIMITS: SearchLimits = {
  hitsPerStep: 1_000,
  hitsPerPage: 20_000,
  partitionsPerPage: 64,
  maxCandidates: 500,
}

/** @see {@link Store.searchMessages} */
export function createSearchMessages(database: Database, limits = LIMITS): Store['searchMessages'] {
  const readInTurns = createReader(database)

  return async (search) => {
    const { patterns, filters, before, limit, isRanked, signal } = toSearchRequest(search)
    const progress = await database.read(({ queries }) => readProgress(queries))
    assertIndexed(progress)
    if (patterns.required.length === 0) return { messages: [], next: null }
    const read: Read = (query) => readInTurns(query, signal)
    // What leaves the tail meanwhile is still read as a part of it, and what comes is above all that the index is asked for.
    const tail = { patterns, filters, before, after: progress.tail_after }
    const walk = createWalk(read, { patterns, filters, before: Math.min(before, tail.after + 1), limits })
    if (!isRanked) return readNewest(read, { tail, walk }, limit)
    return { messages: (await readRelevant(read, { tail, walk }, limit)).map(toMessage), next: null }
  }
}

async function readNewest(
  read: Read,
  { tail, walk }: { readonly tail: TailSearch; readonly walk: Walk },
  limit: number,
): Promise<FoundMessages> {
  // One more than requested, to know whether there is a next page.
  const wanted = limit + 1
  const found = await readTail(read, tail, wanted)
  while (found.length < wanted) {
    const part = await walk.next()
    if (!part) break
    found.push(...(await readPart(read, part, wanted - found.length)))
  }
  const messages = found.slice(0, limit).map(toMessage)
  return { messages, next: found.length > limit ? (messages.at(-1)?.id ?? null) : walk.rest() }
}
