import { type ApiResult, toApiResult } from './api-result.js'
import type { Message, MessageDetails, SyncStatus } from './api-types.js'
import { type Exchange, type ExchangeRequest, type Purpose, performExchange } from './exchange.js'

const TIMEOUT_MS = 15_000

/** `POST /sync` responds when a whole push has succeeded or failed, which may take minutes. */
const SYNC_TIMEOUT_MS = 180_000

interface RequestOptions {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers?: readonly (readonly [name: string, value: string])[]
  readonly body?: unknown
  readonly purpose: Purpose
  readonly signal?: AbortSignal
  readonly timeoutMs?: number
}

/** A message to send. `key` is its idempotency key: sending the same key twice creates one message. */
export interface Draft {
  readonly content: string
  readonly sender: string
  readonly key: string
}

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

  return {
    send: ({ content, sender, key }: Draft) =>
      request<{ message_id: number }>({
        method: 'POST',
        path: 'messages',
        headers: [['Idempotency-Key', key]],
        body: { content, sender },
        purpose: 'action',
      }),

    /** `search` is the query with its question mark, or empty. */
    retrieve: (search: string, purpose: Purpose, signal: AbortSignal) =>
      request<Message[]>({ method: 'GET', path: `messages${search}`, purpose, signal }),

    message: (id: number, signal: AbortSignal) =>
      request<MessageDetails>({ method: 'GET', path: `messages/${id}`, purpose: 'polling', signal }),

    syncStatus: (signal: AbortSignal) =>
      request<SyncStatus>({ method: 'GET', path: 'sync', purpose: 'polling', signal }),

    synchronize: () =>
      request<SyncStatus>({ method: 'POST', path: 'sync', purpose: 'action', timeoutMs: SYNC_TIMEOUT_MS }),
  }
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
