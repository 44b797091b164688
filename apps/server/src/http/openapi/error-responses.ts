import { STATUS_CODES } from 'node:http'
import { type ErrorCode, type ErrorDefinition, HTTP_ERRORS } from '../error-table.js'
import type { Operation } from './operation.js'
import { type HeaderName, headerReferences } from './response-headers.js'

/** What any request can be rejected with before it reaches an endpoint. */
export const COMMON_ERRORS: readonly ErrorCode[] = [
  'invalid_header',
  'invalid_host',
  'invalid_query',
  'invalid_request',
  'address_denied',
  'origin_not_allowed',
  'request_timeout',
  'expectation_failed',
  'host_not_allowed',
  'rate_limited',
  'headers_too_large',
  'internal',
]

/** Of endpoints that need a token. */
const TOKEN_ERRORS: readonly ErrorCode[] = ['invalid_token', 'missing_token', 'insufficient_scope']

/** Of endpoints that use the storage. */
export const STORAGE_ERRORS: readonly ErrorCode[] = [
  'shutting_down',
  'storage_busy',
  'storage_corrupt',
  'storage_unavailable',
]

/** Of endpoints that change accounts. */
export const STORING_ERRORS: readonly ErrorCode[] = [...STORAGE_ERRORS, 'storage_full', 'storage_unwritable']

/** Of endpoints that store messages, or report whether that is possible. */
export const WRITE_ERRORS: readonly ErrorCode[] = ['backlog_full', 'storage_full', 'storage_unwritable']

/** Of endpoints that read a body, whatever its fields are. */
export const OBJECT_ERRORS: readonly ErrorCode[] = [
  'duplicate_key',
  'invalid_json',
  'invalid_utf8',
  'body_too_large',
  'unsupported_charset',
  'unsupported_encoding',
  'unsupported_media_type',
  'invalid_body',
  'invalid_type',
  'unknown_field',
]

/** Of endpoints that read a message. */
export const BODY_ERRORS: readonly ErrorCode[] = [
  ...OBJECT_ERRORS,
  'empty',
  'invalid_characters',
  'invalid_value',
  'missing_field',
  'too_long',
]

/** Every error of an endpoint, in alphabetical order. */
export function errorsOf({ scopes, errors = [] }: Operation): ErrorCode[] {
  const codes = new Set([...COMMON_ERRORS, ...(scopes.length > 0 ? TOKEN_ERRORS : []), ...errors])
  return [...codes].toSorted()
}

/** Errors by their status, in the order of the statuses. */
export function groupByStatus(codes: readonly ErrorCode[]): [status: number, codes: ErrorCode[]][] {
  const statuses = new Set<number>(codes.map((code) => HTTP_ERRORS[code].status))
  return [...statuses]
    .toSorted((one, other) => one - other)
    .map((status) => [status, codes.filter((code) => HTTP_ERRORS[code].status === status)])
}

/** The response with one of these errors, all of the same status. */
export function buildErrorResponse(status: number, codes: readonly ErrorCode[]): object {
  const error = { properties: { code: { enum: codes } } }
  return {
    description: STATUS_CODES[status],
    headers: headerReferences(headersOf(status)),
    content: {
      'application/json': {
        schema: { allOf: [{ $ref: '#/components/schemas/Error' }, { properties: { error } }] },
        examples: Object.fromEntries(
          codes.map((code) => [code, { $ref: `#/components/examples/${status}_${code}` }]),
        ),
      },
    },
  }
}

/** The headers of any error with this status. */
function headersOf(status: number): HeaderName[] {
  const definitions: ErrorDefinition[] = Object.values(HTTP_ERRORS)
  const headers = definitions.filter((error) => error.status === status).flatMap(headersOfError)
  return [...new Set(headers)]
}

function headersOfError({ headers = [], retryAfterSeconds }: ErrorDefinition): readonly HeaderName[] {
  return retryAfterSeconds === undefined ? headers : [...headers, 'Retry-After']
}

/** The component's name of a response that all endpoints share, e.g. `RequestTimeout`. */
export function errorResponseName(status: number): string {
  return (STATUS_CODES[status] ?? '').replaceAll(' ', '')
}

/** An example of every error, by status and code. */
export function buildErrorExamples(): Record<string, object> {
  return Object.fromEntries(
    groupByStatus(Object.keys(HTTP_ERRORS) as ErrorCode[]).flatMap(([status, codes]) =>
      codes.map((code) => [`${status}_${code}`, buildExample(code)]),
    ),
  )
}

function buildExample(code: ErrorCode): object {
  const { message } = HTTP_ERRORS[code]
  const request_id = '5f2b7c1e-3d2a-4a55-9c0b-0c7f6f0d9a11'
  return { summary: message, value: { status: 'error', error: { code, message, request_id } } }
}
