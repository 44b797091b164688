import { accessToken } from '../access/access-token.js'

/** Header names and values, in order. */
export type HeaderLines = readonly (readonly [name: string, value: string])[]

/** What was sent. `url` is absolute; `target` is its path and query, as on the wire. */
export interface ExchangeRequest {
  readonly method: string
  readonly url: string
  readonly target: string
  readonly headers: HeaderLines
  readonly body: string | null
}

/** What came back. */
export interface ExchangeResponse {
  readonly status: number
  readonly statusText: string
  readonly headers: HeaderLines
  readonly body: string
}

/**
 * One request and what became of it: `response` and `problem` are both `null` while it is under way, and
 * `problem` says in words why there is no response.
 */
export interface Exchange {
  readonly request: ExchangeRequest
  readonly response: ExchangeResponse | null
  readonly problem: string | null
  /** Milliseconds from sending to the last byte of the body. */
  readonly took: number | null
}

/** Who asked: the user's hand, or the page keeping itself fresh. */
export type Purpose = 'action' | 'polling'

/** Sends the request and reads the whole answer. Never rejects: a failure is the exchange's `problem`. */
export async function performExchange(request: ExchangeRequest, signal: AbortSignal): Promise<Exchange> {
  const started = performance.now()
  const took = () => performance.now() - started
  try {
    const { method, url, body } = request
    const headers = request.headers.map(([name, value]) => [name, value] as [string, string])
    // Not a part of the request that is shown: an exchange is made to be copied and passed on.
    if (accessToken() !== '') headers.push(['Authorization', `Bearer ${accessToken()}`])
    const response = await fetch(url, { method, headers, body, signal, cache: 'no-cache' })
    const { status, statusText } = response
    const text = await response.text()
    const answer = { status, statusText, headers: [...response.headers], body: text }
    return { request, response: answer, problem: null, took: took() }
  } catch (error) {
    return { request, response: null, problem: problemOf(error), took: took() }
  }
}

function problemOf(error: unknown): string {
  const name = error instanceof DOMException ? error.name : ''
  if (name === 'TimeoutError') return 'The server did not answer in time'
  if (name === 'AbortError') return 'Dropped for a newer request'
  return 'The server does not answer'
}
