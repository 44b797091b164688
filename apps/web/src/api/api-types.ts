/** A message as the API returns it. */
export interface Message {
  readonly id: number
  readonly content: string
  readonly sender: string
  /** RFC 3339. */
  readonly timestamp: string
  /** 40 hexadecimal digits once the message is in the repository. */
  readonly git_hash: string | null
  readonly is_synchronized: boolean
}

/** A single message, with its state on the way to the repository. */
export interface MessageDetails extends Message {
  readonly sync: { readonly state: MessageState; readonly reason?: string }
}

/** How far a message is on its way to the repository. */
export type MessageState = 'pending' | 'synchronized' | 'quarantined'

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
