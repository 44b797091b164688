import { accessToken } from './access-token.js'

/** Header names and values, in order. */
export type HeaderLines = readonly (readonly [name: string, value: string])[]

/** A request as it is sent. `url` is absolute; `target` is its path and query. */
export interface ExchangeRequest {
  readonly method: string
  readonly url: string
  readonly target: string
  readonly headers: HeaderLines
  readonly body: string | null
}

/** A response, read to its end. */
export interface ExchangeResponse {
  readonly status: number
  readonly statusText: string
  readonly headers: HeaderLines
  readonly body: string
}

/**
 * A request and its outcome. `response` and `problem` are both `null` while it is in flight; afterwards
 * `problem` is the reason, in words, why there is no response.
 */
export interface Exchange {
  readonly request: ExchangeRequest
  readonly response: ExchangeResponse | null
  readonly problem: string | null
  /** From sending the request to the last byte of the body; `null` while the request is in flight. */
  readonly durationMs: number | null
}

/** What caused a request: an action of the user, or the page's own polling. */
export type Purpose = 'action' | 'polling'

/** Sends a request and reads the whole response. Never rejects: a failure is the exchange's `problem`. */
export async function performExchange(request: ExchangeRequest, signal: AbortSignal): Promise<Exchange> {
  const started = performance.now()
  const elapsedMs = () => performance.now() - started
  try {
    const { method, url, body } = request
    const headers = request.headers.map(([name, value]) => [name, value] as [string, string])
    // Not part of the request that is shown: an exchange is meant to be copied and shared.
    if (accessToken() !== '') headers.push(['Authorization', `Bearer ${accessToken()}`])
    const response = await readResponse(
      await fetch(url, { method, headers, body, signal, cache: 'no-cache' }),
    )
    return { request, response, problem: null, durationMs: elapsedMs() }
  } catch (error) {
    return { request, response: null, problem: describeFailure(error), durationMs: elapsedMs() }
  }
}

async function readResponse(response: Response): Promise<ExchangeResponse> {
  const { status, statusText, headers } = response
  return { status, statusText, headers: [...headers], body: await response.text() }
}

function describeFailure(error: unknown): string {
  const name = error instanceof DOMException ? error.name : ''
  if (name === 'TimeoutError') return 'The request timed out'
  if (name === 'AbortError') return 'Canceled by a newer request'
  return 'The server cannot be reached'
}
