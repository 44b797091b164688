import { ValidationError, type ValidationErrorCode } from '@gitmsg/core'
import { StoreError, type StoreErrorCode } from '@gitmsg/store'
import type { ErrorCode } from './errors.js'
import { HttpProblem } from './http-problem.js'

/** What a client is told of a failure. */
export interface ErrorAnswer {
  readonly status: number
  readonly code: ErrorCode
  readonly message: string
  readonly field?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
}

/** Bad input is 422, but for what is wrong with the request's own syntax. Nothing that is sent is an `invalid-id`. */
const VALIDATION: Record<Exclude<ValidationErrorCode, 'invalid-id'>, Pick<ErrorAnswer, 'status' | 'code'>> = {
  'invalid-query': { status: 400, code: 'invalid_query' },
  'invalid-cursor': { status: 400, code: 'invalid_cursor' },
  'invalid-idempotency-key': { status: 400, code: 'invalid_header' },
  'invalid-body': { status: 422, code: 'invalid_body' },
  'unknown-field': { status: 422, code: 'unknown_field' },
  'missing-field': { status: 422, code: 'missing_field' },
  'invalid-type': { status: 422, code: 'invalid_type' },
  empty: { status: 422, code: 'empty' },
  'too-long': { status: 422, code: 'too_long' },
  'invalid-characters': { status: 422, code: 'invalid_characters' },
  'invalid-timestamp': { status: 422, code: 'invalid_timestamp' },
  'idempotency-key-reused': { status: 422, code: 'idempotency_key_reused' },
}

const STORE: Partial<Record<StoreErrorCode, ErrorAnswer>> = {
  full: { status: 507, code: 'storage_full', message: 'There is no room to store messages.' },
  busy: { status: 503, code: 'storage_busy', message: 'The storage is busy. Try again.' },
  closed: { status: 503, code: 'shutting_down', message: 'The server is shutting down. Try again.' },
}

/** Failures of reading a body, by the type that the body parser gives them. */
const BODY: Record<string, ErrorAnswer> = {
  'entity.too.large': { status: 413, code: 'body_too_large', message: 'The body must not be over 64 KiB.' },
  'encoding.unsupported': {
    status: 415,
    code: 'unsupported_encoding',
    message: 'The body must not be compressed.',
  },
  'request.size.invalid': {
    status: 400,
    code: 'invalid_body',
    message: 'The body is not as long as was said.',
  },
  'request.aborted': { status: 400, code: 'invalid_body', message: 'The body was cut short.' },
}

const INTERNAL: ErrorAnswer = {
  status: 500,
  code: 'internal',
  message: 'Something went wrong on the server.',
}

/** The one place that turns failures into statuses and codes; what it does not know is `internal`. */
export function answerFor(error: unknown): ErrorAnswer {
  if (error instanceof HttpProblem) return pick(error)
  if (error instanceof ValidationError && error.code !== 'invalid-id') {
    const { code, message, field } = error
    return { ...VALIDATION[code], message, field }
  }
  if (error instanceof StoreError) return STORE[error.code] ?? INTERNAL
  if (error instanceof Error && 'type' in error) return BODY[String(error.type)] ?? INTERNAL
  return INTERNAL
}

const pick = ({ status, code, message, field, headers }: HttpProblem): ErrorAnswer => {
  return { status, code, message, field, headers }
}
