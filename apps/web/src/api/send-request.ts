import { type ApiResult, toApiResult } from './api-result.js'
import { type Exchange, type ExchangeRequest, type Purpose, performExchange } from './exchange.js'
import { maskSecrets } from './mask-secrets.js'

const TIMEOUT_MS = 15_000

/** A request to the API. `path` is relative to the page. */
interface RequestOptions {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  readonly path: string
  readonly headers?: readonly (readonly [name: string, value: string])[]
  readonly body?: unknown
  readonly purpose: Purpose
  readonly signal?: AbortSignal
  readonly timeoutMs?: number
}

/** Called twice for each request: when it is sent and when it is complete. What it gets has no secrets. */
export type OnExchange = (exchange: Exchange, purpose: Purpose) => void

/** Sends a request. Never rejects; see {@link ApiResult}. */
export type SendRequest = <Value>(options: RequestOptions) => Promise<ApiResult<Value>>

/** Sends requests to the server that serves the page at `base`. */
export function createSendRequest(base: string, onExchange: OnExchange): SendRequest {
  return async function sendRequest({ purpose, ...options }) {
    const sent = toExchangeRequest(options, base)
    const shown = { ...sent, body: maskSecrets(sent.body) }
    const deadline = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS)
    const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline
    onExchange({ request: shown, response: null, problem: null, durationMs: null }, purpose)
    const exchange = await performExchange(sent, signal)
    const { response } = exchange
    const masked = response && { ...response, body: maskSecrets(response.body) }
    onExchange({ ...exchange, request: shown, response: masked }, purpose)
    return toApiResult(exchange)
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
