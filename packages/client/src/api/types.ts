/** A message as lists have it. Times are RFC 3339; fields that are at their default are left out. */
export interface Message {
  /** The number of the message in the server's database. */
  readonly id: number
  /** The global id of the message, a UUIDv7. */
  readonly uid: string
  /** The text; null if the message is deleted. */
  readonly content: string | null
  /** Who sent it. */
  readonly sender: string
  /** When the message was written. */
  readonly timestamp: string
  /** The commit that contains the message; null until it is in the repository. */
  readonly git_hash: string | null
  /** Whether the current version is in the repository. */
  readonly is_synchronized: boolean
  /** When the message was stored. */
  readonly created_at: string
  /** When the message was last edited or deleted. */
  readonly updated_at: string
  /** The number of the current version, from 2 on. */
  readonly version?: number
  /** How the content is to be read, unless it is plain text. */
  readonly format?: 'markdown' | 'reaction'
  /** The label of the message. */
  readonly topic?: string
  /** The uid of the message to which a reply belongs. */
  readonly reply_to?: string
  /** The uid of the message with which the thread of a reply begins. */
  readonly thread?: string
  /** Who edited or deleted the message, if it was not the sender. */
  readonly updated_by?: string
  /** Senders of reactions to the message, by emoji. */
  readonly reactions?: { readonly [emoji: string]: readonly string[] }
  /** Only in a message that was deleted. */
  readonly deleted?: true
}

/** A message in full, as `get`, `edit`, `changes` and the live feed have it. */
export interface MessageDetails extends Message {
  /** The file of the message in the repository. */
  readonly path: string
  /** The place of the last visible change of the message in the feed. */
  readonly position: number
  /** The synchronization state of the message. */
  readonly sync: MessageSync
}

/** A message that a search has found. */
export interface FoundMessage {
  /** The message. */
  readonly message: Message
  /** Parts of its text in their order; `…` is in the place of what is left out. */
  readonly snippet: readonly SnippetPart[]
}

/** A part of a snippet. */
export interface SnippetPart {
  /** The text. */
  readonly text: string
  /** Whether it is what was searched for. */
  readonly match: boolean
}

/** How far a message is on its way to the repository; `quarantined`: the repository can never accept it. */
export type MessageSync =
  | { readonly state: 'pending' | 'synchronized' }
  | { readonly state: 'quarantined'; readonly reason: string }

/** One version of a message. */
export interface MessageVersion {
  /** 1 when posted, one higher with each edit. */
  readonly version: number
  /** The text. */
  readonly content: string
  /** How the content is to be read. */
  readonly format: 'plain' | 'markdown' | 'reaction'
  /** The label, if it had one. */
  readonly topic: string | null
  /** When this version was made. */
  readonly updated_at: string
  /** Who made it, if it was not the sender. */
  readonly updated_by: string | null
  /** The commit that contains this version, once it has one. */
  readonly git_hash: string | null
  /** Whether this version is in the repository. */
  readonly is_synchronized: boolean
}

/** A topic that has messages. */
export interface Topic {
  /** The label. */
  readonly topic: string
  /** The number of its messages, without deleted ones and reactions. */
  readonly messages: number
  /** The latest `timestamp` of them. */
  readonly last_at: string
}

/** The response to a post. */
export interface PostedMessage {
  /** Always `success`. */
  readonly status: 'success'
  /** The id of the message. */
  readonly message_id: number
}

/** A place in the feed of one database: what `changes` and `live` go on from. */
export interface Position {
  /** Names the order of positions; another one after a restore. */
  readonly epoch: string
  /** The place in it. */
  readonly position: number
}

/** A part of the feed. It is itself the {@link Position} to go on from. */
export interface Changes extends Position {
  /** Each message once, as it is now, in the order of their positions. */
  readonly messages: readonly MessageDetails[]
}

/** The state of the synchronization. */
export interface SyncStatus {
  /** `local`, `github` or another kind of repository. */
  readonly backend: string
  /** Where commits are pushed, without credentials; null if they stay on the server. */
  readonly remote: string | null
  /** The branch that holds the messages. */
  readonly branch: string
  /** The last commit whose content is completely stored in the database. */
  readonly head: string | null
  /** The number of messages not yet known to be in the repository. */
  readonly pending: number
  /** When the oldest of them was stored. */
  readonly oldest_pending_at: string | null
  /** When a synchronization last succeeded. */
  readonly last_synchronized_at: string | null
  /** `backing_off`: an attempt failed and will be repeated. `blocked`: an operator has to act. */
  readonly state: 'idle' | 'syncing' | 'backing_off' | 'blocked'
  /** Why the last attempt failed. */
  readonly last_error: { readonly code: string; readonly message: string; readonly at: string } | null
  /** When the next attempt begins. */
  readonly retry_at: string | null
  /** The number of messages that the repository rejected. */
  readonly quarantined: number
}

/** A message that the repository rejected. */
export interface QuarantinedChange {
  /** The position in the order of all changes. */
  readonly sequence: number
  /** Why the repository rejected it. */
  readonly reason: string
  /** When that was found. */
  readonly quarantined_at: string
  /** The message. */
  readonly message: Message
}

/** The response of a process that is alive. */
export interface Health {
  /** Always `ok`. */
  readonly status: 'ok'
}

/** Whether messages can be stored. */
export interface Readiness {
  /** `degraded`: stored, but the synchronization fails or is late. */
  readonly status: 'ready' | 'degraded'
}

/** An OpenAPI 3.1 document. */
export interface OpenapiDocument {
  /** The version of OpenAPI. */
  readonly openapi: string
  /** The title and version of the API. */
  readonly info: { readonly [name: string]: unknown }
  /** The operations by path. */
  readonly paths: { readonly [path: string]: unknown }
  /** Everything else. */
  readonly [name: string]: unknown
}

/** An AsyncAPI 3 document. */
export interface AsyncapiDocument {
  /** The version of AsyncAPI. */
  readonly asyncapi: string
  /** The title and version of the API. */
  readonly info: { readonly [name: string]: unknown }
  /** The live channel. */
  readonly channels: { readonly [name: string]: unknown }
  /** Everything else. */
  readonly [name: string]: unknown
}
