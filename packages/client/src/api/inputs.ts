import type { Position } from './types.js'

/** A message to post. */
export interface NewMessage {
  /** 1 to 32,768 code points, not blank. Stored byte for byte. */
  readonly content: string
  /** 1 to 64 code points. */
  readonly sender: string
  /** When it was written, RFC 3339. Default: now. */
  readonly timestamp?: string
  /** How the content is to be read. A reaction is one emoji in reply to a message. Default: plain. */
  readonly format?: 'plain' | 'markdown' | 'reaction'
  /** A label. Default of a reply: the topic of the message it replies to. */
  readonly topic?: string
  /** The id or uid of the message to which this one replies. */
  readonly reply_to?: number | string
}

/** What an edit changes; the rest stays. */
export interface MessageChanges {
  /** The new text. */
  readonly content?: string
  /** How it is to be read. */
  readonly format?: 'plain' | 'markdown'
  /** The new label; null removes it. */
  readonly topic?: string | null
}

/** The filters of `list`; all that are given must match. */
export interface ListQuery {
  /** At most this many, up to 1000. Default: 50. */
  readonly limit?: number
  /** Only ids below this one. */
  readonly before?: number
  /** Only ids above this one, the nearest to it. 0: from the beginning. */
  readonly after?: number
  /** Only messages of exactly this sender. */
  readonly sender?: string
  /** Only messages with exactly this topic. */
  readonly topic?: string
  /** Only the thread that begins with the message with this uid. */
  readonly thread?: string
  /** Only direct replies to the message with this uid. */
  readonly reply_to?: string
  /** Only messages with this timestamp or a later one. */
  readonly since?: string
  /** Only messages with an earlier timestamp. */
  readonly until?: string
  /** true: only messages in the repository; false: only messages not yet in it. */
  readonly synchronized?: boolean
  /** true: only tombstones of deleted messages. Default: only the other messages. */
  readonly deleted?: boolean
  /** Only reactions, which are in no other list. */
  readonly format?: 'reaction'
}

/** What to search for; all conditions that are given must match. */
export interface SearchQuery extends Pick<ListQuery, 'sender' | 'topic' | 'thread' | 'since' | 'until'> {
  /**
   * Words that must all occur, `"phrases"`, `-words` that must not, and a last word with `*` of which only the beginning
   * must. All else is plain text. At most 256 characters.
   */
  readonly q: string
  /** `relevance`: the best of the newest 1,000 matches, on one page. Default: newest first. */
  readonly sort?: 'newest' | 'relevance'
  /** At most this many, up to 1000. Default: 50. */
  readonly limit?: number
  /** Only ids below this one. */
  readonly before?: number
}

/** A page of the versions of a message, or of quarantined changes. */
export interface PageQuery {
  /** At most this many, up to 1000. Default: 50. */
  readonly limit?: number
  /** Only versions, or sequences, below this one. */
  readonly before?: number
}

/** A page of a thread. */
export interface ThreadQuery {
  /** At most this many, up to 1000. Default: 50. */
  readonly limit?: number
  /** Only ids above this one. */
  readonly after?: number
}

/** A page of topics. */
export interface TopicQuery {
  /** At most this many, up to 1000. Default: 50. */
  readonly limit?: number
  /** `last_at` and the name of the last topic of the page before, with a slash between them. */
  readonly before?: string
}

/** A page of the feed. */
export interface ChangesQuery {
  /** Only changes after this place. Default: from the beginning. */
  readonly after?: Position | string
  /** At most this many, up to 1000. Default: 50. */
  readonly limit?: number
}
