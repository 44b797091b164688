import { ValidationError, type ValidationErrorCode } from '@gitmsg/core'
import { StoreError, type StoreErrorCode } from '@gitmsg/store'

/** One row of {@link HTTP_ERRORS}. */
export interface ErrorDefinition {
  readonly status: number
  /** A full sentence. Sent to the client unless the thrown error has a more specific one. */
  readonly message: string
  /** Sent as `Retry-After`. */
  readonly retryAfterSeconds?: number
  /** Headers that the error is thrown with. */
  readonly headers?: readonly ('Allow' | 'Retry-After' | 'WWW-Authenticate')[]
}

const TRY_AGAIN_SECONDS = 1
/** A person must act first: free space, repair the disk, or put back a backup. */
const INTERVENTION_RETRY_SECONDS = 60

/** Every error that a client can receive. The only place that knows status codes, and what the OpenAPI document lists. */
export const HTTP_ERRORS = {
  duplicate_key: { status: 400, message: 'The body must not contain the same field twice.' },
  invalid_cursor: { status: 400, message: 'A parameter that bounds the list is not valid.' },
  invalid_header: { status: 400, message: 'A header is repeated, or its value is not valid.' },
  invalid_host: { status: 400, message: 'The request must name exactly one host.' },
  invalid_json: { status: 400, message: 'The body must be valid JSON.' },
  invalid_query: {
    status: 400,
    message: 'A query parameter is unknown, repeated or not valid, or the URL contains an access token.',
  },
  invalid_request: {
    status: 400,
    message: 'The request or its URL is not valid HTTP, or the request was cut short.',
  },
  invalid_utf8: { status: 400, message: 'The body must be valid UTF-8.' },
  invalid_token: {
    status: 401,
    message: 'The access token is not valid.',
    headers: ['WWW-Authenticate'],
  },
  missing_token: {
    status: 401,
    message: 'This endpoint requires an access token.',
    headers: ['WWW-Authenticate'],
  },
  insufficient_scope: {
    status: 403,
    message: 'The access token lacks the scope that this endpoint requires.',
    headers: ['WWW-Authenticate'],
  },
  origin_not_allowed: { status: 403, message: 'Requests from other sites are not allowed.' },
  sender_not_allowed: { status: 403, message: 'The access token is bound to another sender.' },
  not_found: { status: 404, message: 'The requested resource does not exist.' },
  method_not_allowed: {
    status: 405,
    message: 'This method is not allowed here. The Allow header lists the methods that are.',
    headers: ['Allow'],
  },
  request_timeout: { status: 408, message: 'The request was not received in time.' },
  body_too_large: { status: 413, message: 'The body must not exceed 64 KiB.' },
  unsupported_charset: { status: 415, message: 'The body must be encoded as UTF-8.' },
  unsupported_encoding: { status: 415, message: 'The body must not be compressed.' },
  unsupported_media_type: { status: 415, message: 'The Content-Type must be application/json.' },
  expectation_failed: { status: 417, message: 'The only supported expectation is 100-continue.' },
  host_not_allowed: { status: 421, message: 'This server does not serve the requested host.' },
  empty: { status: 422, message: 'The field must not be blank.' },
  idempotency_key_reused: {
    status: 422,
    message: 'The idempotency key was already used for another message.',
  },
  invalid_body: { status: 422, message: 'The body must be a JSON object.' },
  invalid_characters: { status: 422, message: 'The field contains characters that are not allowed.' },
  invalid_timestamp: { status: 422, message: 'The timestamp must be an RFC 3339 date and time.' },
  invalid_type: { status: 422, message: 'The field must be a string.' },
  missing_field: { status: 422, message: 'The field is required.' },
  too_long: { status: 422, message: 'The field is too long.' },
  unknown_field: { status: 422, message: 'The field is unknown.' },
  rate_limited: {
    status: 429,
    message: 'Too many requests. Try again later.',
    headers: ['Retry-After'],
  },
  headers_too_large: {
    status: 431,
    message: 'The request must not have more than 64 headers or 16 KiB of them.',
  },
  internal: {
    status: 500,
    message: 'An internal error occurred. The server logged it under this request id.',
  },
  backlog_full: {
    status: 503,
    message: 'Too many messages are waiting to be synchronized. Try again later.',
    retryAfterSeconds: TRY_AGAIN_SECONDS,
  },
  shutting_down: {
    status: 503,
    message: 'The server is shutting down. Try again later.',
    retryAfterSeconds: TRY_AGAIN_SECONDS,
  },
  storage_busy: {
    status: 503,
    message: 'The storage is busy. Try again later.',
    retryAfterSeconds: TRY_AGAIN_SECONDS,
  },
  storage_corrupt: {
    status: 503,
    message: 'The database is damaged. No messages are stored until its operator has repaired it.',
    retryAfterSeconds: INTERVENTION_RETRY_SECONDS,
  },
  storage_unwritable: {
    status: 503,
    message: 'The disk is read-only or failed to write.',
    retryAfterSeconds: INTERVENTION_RETRY_SECONDS,
  },
  storage_full: {
    status: 507,
    message: 'There is not enough disk space to store messages.',
    retryAfterSeconds: INTERVENTION_RETRY_SECONDS,
  },
} as const satisfies Record<string, ErrorDefinition>

/** What identifies an error to programs. */
export type ErrorCode = keyof typeof HTTP_ERRORS

/** What one occurrence of an error adds to its row in {@link HTTP_ERRORS}. */
export interface ProblemDetails {
  /** More specific than the sentence in the table. Must never repeat what was sent. */
  readonly message?: string
  /** The field or parameter that is wrong. */
  readonly field?: string | undefined
  /** Headers of the response, e.g. `Allow` for `method_not_allowed`. */
  readonly headers?: Readonly<Record<string, string>>
  /** What only the log tells: it may repeat what was sent. */
  readonly logged?: Readonly<Record<string, string | undefined>>
  /** The error behind it, for the log. */
  readonly cause?: unknown
}

/** A failure as the client sees it. Create it with {@link problem}. */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly status: number
  readonly code: ErrorCode
  readonly field: string | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly logged: Readonly<Record<string, string | undefined>>

  constructor(code: ErrorCode, { message, field, headers, logged = {}, cause }: ProblemDetails = {}) {
    const definition: ErrorDefinition = HTTP_ERRORS[code]
    super(message ?? definition.message, { cause })
    const { status, retryAfterSeconds } = definition
    this.status = status
    this.code = code
    this.field = field
    this.logged = logged
    this.headers = {
      ...(retryAfterSeconds !== undefined && { 'Retry-After': String(retryAfterSeconds) }),
      ...headers,
    }
  }

  /** The body of the response, as JSON text. */
  toBody(requestId: string): string {
    const { code, message, field } = this
    return JSON.stringify({ status: 'error', error: { code, message, field, request_id: requestId } })
  }
}

/**
 * The error to throw so that the client receives this code.
 *
 * @example throw problem('method_not_allowed', { headers: { Allow: 'GET, HEAD' } })
 */
export function problem(code: ErrorCode, details?: ProblemDetails): HttpError {
  return new HttpError(code, details)
}

/** `invalid-id` is missing: no client sends a message's id and uid together. */
const VALIDATION_ERRORS: Record<Exclude<ValidationErrorCode, 'invalid-id'>, ErrorCode> = {
  'invalid-query': 'invalid_query',
  'invalid-cursor': 'invalid_cursor',
  'invalid-idempotency-key': 'invalid_header',
  'invalid-body': 'invalid_body',
  'unknown-field': 'unknown_field',
  'missing-field': 'missing_field',
  'invalid-type': 'invalid_type',
  empty: 'empty',
  'too-long': 'too_long',
  'invalid-characters': 'invalid_characters',
  'invalid-timestamp': 'invalid_timestamp',
  'idempotency-key-reused': 'idempotency_key_reused',
}

const STORE_ERRORS: Partial<Record<StoreErrorCode, ErrorCode>> = {
  full: 'storage_full',
  unwritable: 'storage_unwritable',
  corrupt: 'storage_corrupt',
  busy: 'storage_busy',
  closed: 'shutting_down',
}

/** Failures to read a body, by the `type` that the body parser gives them. */
const BODY_PARSER_ERRORS: Record<string, ErrorCode> = {
  'entity.too.large': 'body_too_large',
  'request.size.invalid': 'invalid_request',
  'request.aborted': 'invalid_request',
}

/** Turns anything thrown into what the client sees of it; an unknown error becomes `internal`. */
export function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error
  if (error instanceof ValidationError && error.code !== 'invalid-id') {
    const { code, message, field } = error
    return problem(VALIDATION_ERRORS[code], { message, field })
  }
  if (error instanceof StoreError)
    return problem(STORE_ERRORS[error.code] ?? 'internal', { cause: error.cause })
  if (error instanceof Error && 'type' in error) {
    return problem(BODY_PARSER_ERRORS[String(error.type)] ?? 'internal')
  }
  return problem('internal')
}
