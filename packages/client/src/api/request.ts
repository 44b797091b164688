import { ClientError } from '../client-error.js'
import type { Runtime } from '../runtime.js'
import { type Deadline, startDeadline } from './deadline.js'

/** The options of every call. */
export interface CallOptions {
  /** Aborts the call. What a write was about may be stored nevertheless. */
  readonly signal?: AbortSignal | undefined
  /** How long the call may take, its repetitions included. Default: that of the client. */
  readonly timeoutMs?: number | undefined
}

/** One call. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: URL
  /** Those that are undefined are left out. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly body?: unknown
  readonly options: CallOptions
  /** Default: not repeated when the server is busy. */
  readonly isRepeatable?: boolean
}

/** A successful response. */
interface ApiResponse {
  readonly headers: Headers
  /** Of JSON the value, else the text. */
  readonly body: unknown
}

/** Sends a request. */
export type Send = (request: ApiRequest) => Promise<ApiResponse>

const MAX_REPETITIONS = 3
const REPEATED_STATUSES = [429, 503]

/**
 * Sends requests. One that may be repeated is sent again if the server is busy (429, 503) and names a time at which to
 * try again, unless that is later than the call may take.
 */
export function createSend(runtime: Runtime): Send {
  const { timers, random } = runtime
  return async function send(request) {
    const { signal, timeoutMs = runtime.timeoutMs } = request.options
    const deadline = startDeadline(timers, timeoutMs, signal)
    try {
      for (let repetitions = 0; ; repetitions += 1) {
        try {
          return await sendOnce(request, deadline)
        } catch (error) {
          const delayMs = request.isRepeatable && repetitions < MAX_REPETITIONS ? delayOf(error) : undefined
          if (delayMs === undefined || delayMs >= deadline.remainingMs()) throw error
          await deadline.pause(delayMs)
        }
      }
    } finally {
      deadline.stop()
    }
  }

  /** Never less than the server asks for, and up to a quarter more: clients must not all come back at once. */
  function delayOf(error: unknown): number | undefined {
    if (!(error instanceof ClientError) || !REPEATED_STATUSES.includes(error.status)) return undefined
    return error.retryAfterMs === undefined ? undefined : error.retryAfterMs * (1 + random() / 4)
  }

  async function sendOnce({ method, url, headers = {}, body }: ApiRequest, deadline: Deadline) {
    const given = Object.entries({
      Accept: 'application/json',
      Authorization: runtime.token === undefined ? undefined : `Bearer ${runtime.token}`,
      'Content-Type': body === undefined ? undefined : 'application/json',
      ...headers,
    }).filter((header): header is [string, string] => header[1] !== undefined)
    const init = {
      method,
      headers: given,
      signal: deadline.signal,
      // Following one could turn a POST into a GET, or take the message to another server.
      redirect: 'error',
      cache: 'no-store',
      ...(body !== undefined && { body: serialize(body) }),
    } as RequestInit
    try {
      deadline.signal.throwIfAborted()
      const response = await deadline.race(runtime.fetch(url.href, init))
      const text = await deadline.race(response.text())
      return readResponse(response, text)
    } catch (error) {
      if (deadline.signal.aborted) throw deadline.signal.reason
      if (error instanceof ClientError) throw error
      throw new ClientError('unreachable', 'The server could not be reached.', { cause: error })
    }
  }

  function readResponse(response: Response, text: string): ApiResponse {
    const { status, headers } = response
    const isJson = /^application\/json\b/.test(headers.get('Content-Type') ?? '')
    const body = isJson ? parse(text, status) : text
    if (status >= 200 && status < 300) return { headers, body }
    throw toClientError(body, { status, headers, now: timers.now() })
  }
}

/**
 * A path that names something.
 *
 * @throws {ClientError} `invalid-argument` for a name that could lead out of its folder
 */
export function toPath(folder: string, key: number | string, part?: string): string {
  const name = encodeURIComponent(key)
  if (/^\.*$/.test(name)) throw new ClientError('invalid-argument', 'The key of the message is not one.')
  return part === undefined ? `${folder}/${name}` : `${folder}/${name}/${part}`
}

function serialize(body: unknown): string {
  try {
    return JSON.stringify(body)
  } catch (cause) {
    throw new ClientError('invalid-argument', 'The argument cannot be sent as JSON.', { cause })
  }
}

function parse(text: string, status: number): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ClientError('invalid-response', 'The response is not valid JSON.', { status, cause })
  }
}

interface FailedResponse {
  readonly status: number
  readonly headers: Headers
  readonly now: number
}

function toClientError(body: unknown, { status, headers, now }: FailedResponse): ClientError {
  const details = {
    status,
    requestId: headers.get('X-Request-Id') ?? undefined,
    retryAfterMs: parseRetryAfter(headers.get('Retry-After'), now),
  }
  if (status === 304) return new ClientError('not-modified', 'The list has not changed.', details)
  const error = (body as { error?: { code?: unknown; message?: unknown; field?: string } } | null)?.error
  if (typeof error?.code !== 'string') {
    return new ClientError('invalid-response', `The response has status ${status}, but no error.`, details)
  }
  return new ClientError(error.code, String(error.message), { ...details, field: error.field })
}

/** Seconds, or a date as a proxy may send it (RFC 9110, 10.2.3). */
function parseRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000
  const time = Date.parse(header)
  return Number.isNaN(time) ? undefined : Math.max(0, time - now)
}
