/**
 * What went wrong before or instead of an error response:
 *
 * - `unreachable`: no response; whether the server did what was asked is unknown
 * - `timed-out`: no response in time; as above
 * - `aborted`: the caller's signal aborted
 * - `invalid-response`: not a response of this API, e.g. the page of a proxy
 * - `not-modified`: the list is still the one with the entity tag in `ifNoneMatch`
 * - `invalid-argument`: an argument is invalid; nothing was sent
 * - `no-websocket`: this runtime has no WebSocket, and the client was given none
 * - `outcome-unknown`: an old post may have been stored, and its idempotency key may be forgotten by now
 * - `closed`: the live feed or the outbox is closed
 */
export type ClientErrorCode =
  | 'unreachable'
  | 'timed-out'
  | 'aborted'
  | 'invalid-response'
  | 'not-modified'
  | 'invalid-argument'
  | 'no-websocket'
  | 'outcome-unknown'
  | 'closed'

/** What a {@link ClientError} has beside its code and text. */
export interface ClientErrorDetails {
  /** The status of the response; 0 without one. */
  readonly status?: number
  /** The field or parameter that is wrong. */
  readonly field?: string | undefined
  /** The id of the request in the server's log. */
  readonly requestId?: string | undefined
  /** The server's `Retry-After`, in milliseconds. */
  readonly retryAfterMs?: number | undefined
  /** The error behind it. */
  readonly cause?: unknown
}

/**
 * The only error that a client rejects with.
 *
 * @example
 * ```ts
 * try {
 *   await client.edit(1, { content: 'Hello again' }, { ifMatch: 1 })
 * } catch (error) {
 *   if (!(error instanceof ClientError) || error.code !== 'version_conflict') throw error
 * }
 * ```
 */
export class ClientError extends Error {
  /** Identifies the class: `instanceof` compares this name. */
  override readonly name = 'ClientError'
  /** The status of the response; 0 without one. */
  readonly status: number
  /** The code of the error response, e.g. `not_found`, or a {@link ClientErrorCode}. */
  readonly code: ClientErrorCode | (string & {})
  /** The field or parameter that is wrong, if the server named one. */
  readonly field: string | undefined
  /** The id of the request in the server's log, if there was a response. */
  readonly requestId: string | undefined
  /** How long the server wants to be left alone, if it named a time. */
  readonly retryAfterMs: number | undefined

  constructor(code: ClientErrorCode | (string & {}), message: string, details: ClientErrorDetails = {}) {
    super(message, { cause: details.cause })
    this.code = code
    this.status = details.status ?? 0
    this.field = details.field
    this.requestId = details.requestId
    this.retryAfterMs = details.retryAfterMs
  }

  /** Compares names, so that errors from another copy of this package (ES module and CommonJS) match too. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'ClientError'
  }
}
