/** A message as the API shows it. */
export interface Message {
  readonly id: number
  readonly content: string
  readonly sender: string
  /** RFC 3339. */
  readonly timestamp: string
  /** 40 hexadecimal digits once the repository has the message. */
  readonly git_hash: string | null
  readonly is_synchronized: boolean
}

/** A message asked for alone also tells where it stands on its way to the repository. */
export interface MessageDetails extends Message {
  readonly sync: { readonly state: MessageState; readonly reason?: string }
}

export type MessageState = 'pending' | 'synchronized' | 'quarantined'

export type SyncState = 'idle' | 'syncing' | 'backing_off' | 'blocked'

/** The answer of `/sync`. Times are RFC 3339. */
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

/** Why the API refused; `field` names the input at fault, where there is one. */
export interface ApiError {
  readonly code: string
  readonly message: string
  readonly field?: string
}

/** What a call came to: its value, a refusal with a status, or no answer at all. */
export type Answer<Value> =
  | { readonly kind: 'success'; readonly value: Value; readonly link: string | null }
  | { readonly kind: 'refused'; readonly status: number; readonly error: ApiError }
  | { readonly kind: 'unanswered'; readonly problem: string }
