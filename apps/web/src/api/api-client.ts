import type {
  FoundMessage,
  HeldMessage,
  Message,
  MessageDetails,
  MessageVersion,
  PostedMessage,
  SyncStatus,
  Topic,
} from './api-types.js'
import type { Purpose } from './exchange.js'
import { createSendRequest, type OnExchange } from './send-request.js'

/** `POST /sync` responds when a whole push has succeeded or failed, which may take minutes. */
const SYNC_TIMEOUT_MS = 180_000

/** A message to send. */
export interface Draft {
  readonly content: string
  readonly sender: string
  readonly format?: 'markdown' | 'reaction'
  readonly topic?: string
  /** An id or uid. */
  readonly reply_to?: number | string
}

/** What an edit changes; `topic: null` removes the topic. */
export interface Changes {
  readonly content?: string
  readonly format?: 'plain' | 'markdown'
  readonly topic?: string | null
}

/** The message to change, and the version of it that the user has read. */
export type Target = Pick<Message, 'id' | 'version'>

/** The HTTP API, one method per endpoint. No method rejects; each resolves with an `ApiResult`. */
export type ApiClient = ReturnType<typeof createApiClient>

/** Creates a client for the server that serves the page at `base`. */
export function createApiClient(base: string, onExchange: OnExchange) {
  const request = createSendRequest(base, onExchange)

  const get = <Value>(path: string, purpose: Purpose, signal?: AbortSignal) =>
    request<Value>({ method: 'GET', path, purpose, ...(signal && { signal }) })

  return {
    /** `key` is the idempotency key: sending the same one twice creates one message. */
    send: (draft: Draft, key: string) =>
      request<PostedMessage | HeldMessage>({
        method: 'POST',
        path: 'messages',
        headers: [['Idempotency-Key', key]],
        body: draft,
        purpose: 'action',
      }),

    /** Fails with 412 if the message has another version by now. */
    edit: (target: Target, changes: Changes, key: string) =>
      request<MessageDetails>({
        method: 'PATCH',
        path: `messages/${target.id}`,
        headers: [ifMatch(target), ['Idempotency-Key', key]],
        body: changes,
        purpose: 'action',
      }),

    /** Fails with 412 if the message has another version by now. */
    remove: (target: Target) =>
      request<null>({
        method: 'DELETE',
        path: `messages/${target.id}`,
        headers: [ifMatch(target)],
        purpose: 'action',
      }),

    /** A page of messages; `path` is that of the list or of a thread, with its query. */
    retrieve: (path: string, purpose: Purpose, signal: AbortSignal) => get<Message[]>(path, purpose, signal),

    /** `key` is an id or uid. */
    message: (key: number | string, signal?: AbortSignal) =>
      get<MessageDetails>(`messages/${key}`, 'polling', signal),

    /** `search` is the query with its question mark, or empty. */
    history: (id: number, search: string, purpose: Purpose) =>
      get<MessageVersion[]>(`messages/${id}/history${search}`, purpose),

    /** A page of what is found; `search` is the query with its question mark. */
    search: (search: string, purpose: Purpose, signal: AbortSignal) =>
      get<FoundMessage[]>(`search${search}`, purpose, signal),

    topics: (search: string, purpose: Purpose) => get<Topic[]>(`topics${search}`, purpose),

    /** The reactions of one sender to the message with this uid. */
    reactions: (uid: string, sender: string) => {
      const query = new URLSearchParams({ format: 'reaction', reply_to: uid, sender, limit: '1000' })
      return get<Message[]>(`messages?${query}`, 'action')
    },

    syncStatus: (signal: AbortSignal) => get<SyncStatus>('sync', 'polling', signal),

    synchronize: () =>
      request<SyncStatus>({ method: 'POST', path: 'sync', purpose: 'action', timeoutMs: SYNC_TIMEOUT_MS }),
  }
}

/** A message that was never edited has version 1, which the API leaves out. */
function ifMatch({ version = 1 }: Target): readonly [name: string, value: string] {
  return ['If-Match', `"${version}"`]
}
