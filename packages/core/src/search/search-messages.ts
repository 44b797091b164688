import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Store, toSearchPatterns } from '@gitmsg/store'
import { type ListedMessage, withReactions } from '../messages/read-messages.js'
import { parseSearchQuery, type SearchQuery } from '../messages/search-query.js'
import { parseSearchTerms } from './search-terms.js'
import { createSnippet, type SnippetPart } from './snippet.js'

/** A message that a search has found. */
export interface FoundMessage {
  /** The message in its current version. */
  readonly message: ListedMessage
  /** The parts of its text around what was searched for. */
  readonly snippet: readonly SnippetPart[]
}

/** A page of a search. It may be short, or empty, while there is a next one. */
export interface SearchPage {
  /** Newest first or, if asked for, the most relevant first. */
  readonly found: FoundMessage[]
  /** The query of the next page; `null` on the last page. */
  readonly next: SearchQuery | null
}

/** Snippets of this much text take a few milliseconds. */
const CHARACTERS_PER_TURN = 64 * 1024

/** Finds messages, and shows where they match. */
export async function searchMessages(
  store: Store,
  query: SearchQuery,
  signal?: AbortSignal,
): Promise<SearchPage> {
  const { q, ...conditions } = parseSearchQuery(query)
  const terms = parseSearchTerms(q)
  const { messages, next } = await store.searchMessages({ ...terms, ...conditions, signal })
  const { required } = toSearchPatterns(terms)
  const found: FoundMessage[] = []
  let characters = 0
  for (const message of await withReactions(store, messages)) {
    characters += message.content.length
    if (characters > CHARACTERS_PER_TURN) {
      await nextTurn()
      characters = 0
    }
    found.push({ message, snippet: createSnippet(message.content, required) })
  }
  return { found, next: next === null ? null : { q, ...conditions, before: next } }
}
