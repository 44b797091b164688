import type { MessageRow } from '../../messages/message-row.js'
import type { SearchFilters } from '../../search/search-filters.js'
import { isMatch } from '../../text/find-matches.js'
import type { SearchPatterns } from '../../text/search-patterns.js'
import { wordsOf } from '../../text/words.js'
import type { Read } from './reader.js'
import { selectTail } from './search-queries.js'

/** In one query: with texts of common lengths, a fraction of a millisecond. */
const MESSAGES_PER_READ = 64

/** What is searched of the tail. */
export interface TailSearch {
  readonly patterns: SearchPatterns
  readonly filters: SearchFilters
  /** Only ids below this one. */
  readonly before: number
  /** Only ids above this one: up to it, messages are in the index. */
  readonly after: number
}

/** Finds messages that are not in the index yet, by their texts: the newest first, at most `limit`. */
export async function readTail(
  read: Read,
  { patterns, filters, before, after }: TailSearch,
  limit: number,
): Promise<MessageRow[]> {
  const found: MessageRow[] = []
  for (let next = before; next > after + 1 && found.length < limit; ) {
    const rows = await read(selectTail({ filters, before: next, after }, MESSAGES_PER_READ))
    found.push(...rows.filter(({ content }) => isMatch(wordsOf(content), patterns)))
    if (rows.length < MESSAGES_PER_READ) break
    next = rows.at(-1)?.id ?? 0
  }
  return found.slice(0, limit)
}
