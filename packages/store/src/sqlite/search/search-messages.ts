import type { Database } from '../../database/database.js'
import type { FoundMessages } from '../../message-query.js'
import { type MessageRow, toMessage } from '../../messages/message-row.js'
import { assertIndexed, MAX_RANKED, toSearchRequest } from '../../search/search-request.js'
import type { Store } from '../../store.js'
import { readProgress } from '../search-index/writer.js'
import { createReader, type Read } from './reader.js'
import { type Hits, selectFound, selectScores } from './search-queries.js'
import { createWalk, type SearchLimits, type Walk } from './walk.js'

/** Of the largest ones, in one query: a few milliseconds. */
const MESSAGES_PER_READ = 25

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
    assertIndexed(await database.read(({ queries }) => readProgress(queries)))
    if (patterns.required.length === 0) return { messages: [], next: null }
    const read: Read = (query) => readInTurns(query, signal)
    const walk = createWalk(read, { patterns, filters, before, limits })
    return isRanked ? readRelevant(read, walk, limit) : readNewest(read, walk, limit)
  }
}

async function readNewest(read: Read, walk: Walk, limit: number): Promise<FoundMessages> {
  const found: MessageRow[] = []
  // One more than requested, to know whether there is a next page.
  while (found.length <= limit) {
    const part = await walk.next()
    if (!part) break
    found.push(...(await readPart(read, part, limit + 1 - found.length)))
  }
  const messages = found.slice(0, limit).map(toMessage)
  return { messages, next: found.length > limit ? (messages.at(-1)?.id ?? null) : walk.rest() }
}

/** Reads the newest messages of a part, at most `wanted`. */
async function readPart(read: Read, part: Hits, wanted: number): Promise<MessageRow[]> {
  const found: MessageRow[] = []
  for (let { before } = part; found.length < wanted; before = found.at(-1)?.id ?? 0) {
    const count = Math.min(wanted - found.length, MESSAGES_PER_READ)
    const rows = await read(selectFound({ ...part, before }, count))
    found.push(...rows)
    if (rows.length < count) break
  }
  return found
}

/** A match, with the part of the index in which it was found. */
interface Scored {
  readonly part: Hits
  readonly id: number
  readonly score: number
}

/** Ranks the newest matches, and reads the best of them. What was edited meanwhile must still match. */
async function readRelevant(read: Read, walk: Walk, limit: number): Promise<FoundMessages> {
  const scored: Scored[] = []
  while (scored.length < MAX_RANKED) {
    const part = await walk.next()
    if (!part) break
    const scores = await read(selectScores(part, MAX_RANKED - scored.length))
    scored.push(...scores.map((match) => ({ ...match, part })))
  }
  const best = scored.sort((one, other) => one.score - other.score || other.id - one.id).slice(0, limit)
  const found = new Map<number, MessageRow>()
  for (const part of new Set(best.map((match) => match.part))) {
    const ids = best.filter((match) => match.part === part).map(({ id }) => id)
    for (let start = 0; start < ids.length; start += MESSAGES_PER_READ) {
      const some = ids.slice(start, start + MESSAGES_PER_READ)
      for (const row of await read(selectFound({ ...part, ids: some }, some.length))) found.set(row.id, row)
    }
  }
  return { messages: best.flatMap(({ id }) => found.get(id) ?? []).map(toMessage), next: null }
}
