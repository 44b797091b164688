import { AccountsError, type AccountsErrorCode } from '@gitmsg/accounts'
import { ValidationError, type ValidationErrorCode } from '@gitmsg/core'
import { StoreError, type StoreErrorCode } from '@gitmsg/store'
import { type ErrorCode, type ErrorDefinition, HTTP_ERRORS } from './error-table.js'

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

/** How a client can prove who it is (RFC 6750). */
export const CHALLENGE = 'Bearer realm="gitmsg"'

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
  'invalid-value': 'invalid_value',
  'invalid-reply-to': 'invalid_reply_to',
  'idempotency-key-reused': 'idempotency_key_reused',
  'format-too-old': 'format_too_old',
}

const STORE_ERRORS: Partial<Record<StoreErrorCode, ErrorCode>> = {
  full: 'storage_full',
  unwritable: 'storage_unwritable',
  corrupt: 'storage_corrupt',
  busy: 'storage_busy',
  unavailable: 'storage_unavailable',
  closed: 'shutting_down',
  deleted: 'deleted',
  'not-editable': 'not_editable',
  'version-conflict': 'version_conflict',
  'epoch-changed': 'epoch_changed',
  'position-ahead': 'position_ahead',
  // The client has disconnected, and does not get the response.
  aborted: 'invalid_request',
}

/** What else a client is told about a failed call of accounts: the field that is wrong. */
const ACCOUNTS_ERRORS: Partial<Record<AccountsErrorCode, readonly [code: ErrorCode, field?: string]>> = {
  'invalid-handle': ['invalid_characters', 'handle'],
  'handle-taken': ['handle_taken', 'handle'],
  'weak-password': ['weak_password', 'password'],
  'invalid-credentials': ['invalid_credentials'],
  'invalid-link': ['invalid_link'],
  'identity-taken': ['identity_taken'],
  'no-such-account': ['not_found'],
  'not-a-person': ['invalid_value'],
  'not-a-service': ['invalid_value', 'sender'],
  'last-admin': ['last_admin'],
  'too-many': ['limit_reached'],
  'idempotency-key-reused': ['idempotency_key_reused'],
  overloaded: ['sign_in_busy'],
  busy: ['storage_busy'],
  full: ['storage_full'],
  unwritable: ['storage_unwritable'],
  unavailable: ['storage_unavailable'],
  corrupt: ['storage_corrupt'],
  closed: ['shutting_down'],
}

/** Failures to read a body, by the `type` that the body parser gives them. */
const BODY_PARSER_ERRORS: Record<string, ErrorCode> = {
  'entity.too.large': 'body_too_large',
  'request.size.invalid': 'invalid_request',
  'request.aborted': 'invalid_request',
}

function toStorageError({ code, cause, progress = 0 }: StoreError): HttpError {
  if (code !== 'indexing') return problem(STORE_ERRORS[code] ?? 'internal', { cause })
  const percent = Math.floor(progress * 100)
  return problem('indexing', {
    message: `The search index is being built: ${percent} % are done. Try again later.`,
  })
}

/** Turns anything thrown into what the client sees of it; an unknown error becomes `internal`. */
export function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error
  if (error instanceof ValidationError && error.code !== 'invalid-id') {
    const { code, message, field } = error
    return problem(VALIDATION_ERRORS[code], { message, field })
  }
  if (error instanceof AccountsError) {
    const [code = 'internal', field] = ACCOUNTS_ERRORS[error.code] ?? []
    const headers = code === 'invalid_credentials' ? { 'WWW-Authenticate': CHALLENGE } : {}
    return problem(code, { field, headers, cause: error.cause })
  }
  if (error instanceof StoreError) return toStorageError(error)
  if (error instanceof Error && 'type' in error) {
    return problem(BODY_PARSER_ERRORS[String(error.type)] ?? 'internal')
  }
  return problem('internal')
}
