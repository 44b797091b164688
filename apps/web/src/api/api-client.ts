import { type ApiResult, toApiResult } from './api-result.js'
import type { FoundMessage, Message, MessageDetails, MessageVersion, SyncStatus, Topic } from './api-types.js'
import { type Exchange, type ExchangeRequest, type Purpose, performExchange } from './exchange.js'

const TIMEOUT_MS = 15_000

/** `POST /sync` responds when a whole push has succeeded or failed, which may take minutes. */
const SYNC_TIMEOUT_MS = 180_000

interface RequestOptions {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly headers?: readonly (readonly [name: string, value: string])[]
  readonly body?: unknown
  readonly purpose: Purpose
  readonly signal?: AbortSignal
  readonly timeoutMs?: number
}

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

/** The HTTP API, one method per endpoint. No method rejects; see {@link ApiResult}. */
export type ApiClient = ReturnType<typeof createApiClient>

/**
 * Creates a client for the server that serves the page at `base`.
 * `onExchange` is called twice for each request: when it is sent and when it is complete.
 */
export function createApiClient(base: string, onExchange: (exchange: Exchange, purpose: Purpose) => void) {
  async function request<Value>({ purpose, ...options }: RequestOptions): Promise<ApiResult<Value>> {
    const sent = toExchangeRequest(options, base)
    const deadline = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS)
    const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline
    onExchange({ request: sent, response: null, problem: null, durationMs: null }, purpose)
    const exchange = await performExchange(sent, signal)
    onExchange(exchange, purpose)
    return toApiResult<Value>(exchange)
  }

  const get = <Value>(path: string, purpose: Purpose, signal?: AbortSignal) =>
    request<Value>({ method: 'GET', path, purpose, ...(signal && { signal }) })

  return {
    /** `key` is the idempotency key: sending the same one twice creates one message. */
    send: (draft: Draft, key: string) =>
      request<{ message_id: number }>({
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

function toExchangeRequest(
  { method, path, headers = [], body }: Omit<RequestOptions, 'purpose'>,
  base: string,
): ExchangeRequest {
  const url = new URL(path, base)
  const contentType = body === undefined ? [] : [['Content-Type', 'application/json'] as const]
  return {
    method,
    url: url.href,
    target: url.pathname + url.search,
    headers: [['Accept', 'application/json'], ...contentType, ...headers],
    body: body === undefined ? null : JSON.stringify(body),
  }
}
