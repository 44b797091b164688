import type { StoredMessage } from './stored-message.js'
import type { SearchTerms } from './text/search-patterns.js'

/** Selects messages to list, newest (highest id) first. All given conditions must hold. */
export interface MessageQuery {
  /** Maximum number of messages, 1 to 1000. Default: 50. */
  readonly limit?: number
  /** Only ids below this one. */
  readonly before?: number
  /** Only ids above this one: those nearest to it, still newest first. */
  readonly after?: number
  /** Only messages from exactly this sender. */
  readonly sender?: string
  /** Only messages with exactly this topic. */
  readonly topic?: string
  /** Only the thread of the message with this uid: that message and all replies, direct or not. */
  readonly thread?: string
  /** Only direct replies to the message with this uid. */
  readonly reply_to?: string
  /** Only messages with this `timestamp` or a later one. */
  readonly since?: string
  /** Only messages with an earlier `timestamp` than this one. */
  readonly until?: string
  /** `true`: only messages whose current version the repository is known to have. `false`: only the rest. */
  readonly synchronized?: boolean
  /**
   * `messages` (default): neither reactions nor deleted messages. `reactions` and `deleted`: only those. `all`:
   * everything; no condition but `before` and `after` may be given.
   */
  readonly include?: 'messages' | 'reactions' | 'deleted' | 'all'
  /** Ends a search that takes many steps: rejects with `aborted`. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Searches messages. All conditions must hold; without any word to find, nothing is found.
 *
 * @example
 * ```ts
 * await store.searchMessages({ words: ['deploy'], phrases: ['rolled back'], without: ['test'], limit: 20 })
 * ```
 */
export interface MessageSearch
  extends SearchTerms,
    Pick<MessageQuery, 'limit' | 'before' | 'sender' | 'topic' | 'thread' | 'since' | 'until' | 'signal'> {
  /** `newest` (default): by id. `relevance`: the best of the newest 1,000 matches, on one page. */
  readonly sort?: 'newest' | 'relevance'
}

/** A page of a search. */
export interface FoundMessages {
  /** Newest first or, if asked for, the most relevant first. */
  readonly messages: StoredMessage[]
  /** `before` of the next page; `null` on the last one. */
  readonly next: number | null
}

/** How much of the search index is there, in ids: complete when both are equal. */
export interface SearchIndexProgress {
  /** Messages up to this id are in the index. */
  readonly indexed: number
  /** Later messages were indexed when they were stored. */
  readonly until: number
}

/** Options of {@link Store.buildSearchIndex}. */
export interface BuildSearchIndexOptions {
  /** Ends it after the current part: it rejects with `aborted`. */
  readonly signal?: AbortSignal | undefined
  /** Called after each part. */
  readonly onProgress?: ((progress: SearchIndexProgress) => void) | undefined
}

/** How the search index compares with the messages. `incomplete`: it is being built, and was not compared. */
export type SearchIndexState = 'equal' | 'different' | 'incomplete'
