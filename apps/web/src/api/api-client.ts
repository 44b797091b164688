import type { Answer, Message, MessageDetails, SyncStatus } from './api-types.js'
import { type Exchange, type ExchangeRequest, type Purpose, performExchange } from './exchange.js'
import { readAnswer } from './read-answer.js'

interface Call {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers?: readonly (readonly [string, string])[]
  readonly body?: unknown
  readonly purpose: Purpose
  readonly signal?: AbortSignal
  /** Milliseconds. */
  readonly timeout?: number
}

/** A message the user wants sent; the same `key` twice makes one message. */
export interface Draft {
  readonly content: string
  readonly sender: string
  readonly key: string
}

/** The HTTP API, one method a call. No method rejects; see {@link Answer}. */
export type ApiClient = ReturnType<typeof createApiClient>

/**
 * Speaks to the server that serves the page at `base`. `onExchange` hears of every exchange twice: when it is
 * sent and when it is over.
 */
export function createApiClient(base: string, onExchange: (exchange: Exchange, purpose: Purpose) => void) {
  async function call<Value>({ purpose, ...details }: Call): Promise<Answer<Value>> {
    const request = toRequest(details)
    const deadline = AbortSignal.timeout(details.timeout ?? 15_000)
    const signal = details.signal ? AbortSignal.any([details.signal, deadline]) : deadline
    onExchange({ request, response: null, problem: null, took: null }, purpose)
    const exchange = await performExchange(request, signal)
    onExchange(exchange, purpose)
    return readAnswer<Value>(exchange)
  }

  function toRequest({ method, path, headers = [], body }: Omit<Call, 'purpose'>): ExchangeRequest {
    const url = new URL(path, base)
    const type = body === undefined ? [] : [['Content-Type', 'application/json'] as const]
    return {
      method,
      url: url.href,
      target: url.pathname + url.search,
      headers: [['Accept', 'application/json'], ...type, ...headers],
      body: body === undefined ? null : JSON.stringify(body),
    }
  }

  return {
    send: ({ content, sender, key }: Draft) =>
      call<{ message_id: number }>({
        method: 'POST',
        path: 'messages',
        headers: [['Idempotency-Key', key]],
        body: { content, sender },
        purpose: 'action',
      }),

    /** `search` is the query with its question mark, or empty. */
    retrieve: (search: string, purpose: Purpose, signal: AbortSignal) =>
      call<Message[]>({ method: 'GET', path: `messages${search}`, purpose, signal }),

    message: (id: number, signal: AbortSignal) =>
      call<MessageDetails>({ method: 'GET', path: `messages/${id}`, purpose: 'polling', signal }),

    syncStatus: (signal: AbortSignal) =>
      call<SyncStatus>({ method: 'GET', path: 'sync', purpose: 'polling', signal }),

    // It answers when a whole push has settled or failed, so it may take minutes.
    synchronize: () =>
      call<SyncStatus>({ method: 'POST', path: 'sync', purpose: 'action', timeout: 180_000 }),
  }
}
