/** A message as the API returns it: nine fields, and others that are not at their default. */
export interface Message {
  readonly id: number
  readonly uid: string
  /** `null` only in a deleted message. */
  readonly content: string | null
  readonly sender: string
  /** RFC 3339. */
  readonly timestamp: string
  /** 40 hexadecimal digits once the current version is in the repository. */
  readonly git_hash: string | null
  readonly is_synchronized: boolean
  readonly created_at: string
  readonly updated_at: string
  /** 2 or more. */
  readonly version?: number
  readonly format?: 'markdown' | 'reaction'
  readonly topic?: string
  /** The uid of the message that this one replies or reacts to. */
  readonly reply_to?: string
  /** The uid of the message that begins the thread of a reply. */
  readonly thread?: string
  readonly updated_by?: string
  /** The senders of reactions, by emoji. */
  readonly reactions?: Readonly<Record<string, readonly string[]>>
  readonly deleted?: true
}

/** A single message, with its state on the way to the repository. */
export interface MessageDetails extends Message {
  readonly sync: { readonly state: MessageState; readonly reason?: string }
}

/** How far a message is on its way to the repository. */
export type MessageState = 'pending' | 'synchronized' | 'quarantined'

/** One version of a message; see {@link Message}. */
export interface MessageVersion {
  readonly version: number
  readonly content: string
  readonly format: 'plain' | 'markdown' | 'reaction'
  readonly topic: string | null
  readonly updated_at: string
  readonly updated_by: string | null
  readonly git_hash: string | null
  readonly is_synchronized: boolean
}

/** A topic that has messages; `last_at` is the time of the last one. */
export interface Topic {
  readonly topic: string
  readonly messages: number
  readonly last_at: string
}

/** What the server's synchronization is doing. */
export type SyncState = 'idle' | 'syncing' | 'backing_off' | 'blocked'

/** The response of `/sync`. Times are RFC 3339. */
export interface SyncStatus {
  readonly backend: string
  readonly remote: string | null
  readonly branch: string
  readonly head: string | null
  readonly pending: number
  readonly oldest_pending_at: string | null
  readonly last_synchronized_at: string | null
  readonly state: SyncState
  readonly last_error: { readonly code: string; readonly message: string; readonly at: string } | null
  readonly retry_at: string | null
  readonly quarantined: number
}

/** An error response of the API; `field` names the invalid input, if there is one. */
export interface ApiError {
  readonly code: string
  readonly message: string
  readonly field?: string
}
