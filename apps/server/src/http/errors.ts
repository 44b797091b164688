/**
 * Every code that an answer may have, by its status, and what it means. No error can be answered with another:
 * the types see to that.
 */
export const ERROR_CODES = {
  400: {
    duplicate_key: 'A field of the body is given twice.',
    invalid_cursor: 'A parameter that says where the list begins or ends is not valid.',
    invalid_header: 'A header is given twice, or its value is not valid.',
    invalid_host: 'The request does not name exactly one host.',
    invalid_json: 'The body is not JSON.',
    invalid_query: 'A parameter is unknown, given twice or not valid; or a token is in the address.',
    invalid_request: 'The request or its address is not valid HTTP, or was cut short.',
    invalid_utf8: 'The body is not UTF-8.',
  },
  401: {
    invalid_token: 'The access token is not valid, or no longer.',
    missing_token: 'The call needs an access token.',
  },
  403: {
    insufficient_scope: 'The access token is not for this call.',
    origin_not_allowed: "The request comes from another site's page.",
    sender_not_allowed: 'The access token is for another sender.',
  },
  404: { not_found: 'There is nothing here.' },
  405: { method_not_allowed: 'The call does not have this method; `Allow` says which it has.' },
  408: { request_timeout: 'The request did not come in time.' },
  413: { body_too_large: 'The body is over 64 KiB.' },
  415: {
    unsupported_charset: 'The body is said not to be in UTF-8.',
    unsupported_encoding: 'The body is compressed.',
    unsupported_media_type: 'The body is not said to be application/json.',
  },
  417: { expectation_failed: 'The request expects something other than `100-continue`.' },
  421: { host_not_allowed: 'The server does not answer under that name.' },
  422: {
    empty: 'The field is blank.',
    idempotency_key_reused: 'The idempotency key was used for another message.',
    invalid_body: 'The body is not an object.',
    invalid_characters: 'The field has characters that are not allowed in it.',
    invalid_timestamp: 'The timestamp is not an RFC 3339 time.',
    invalid_type: 'The field is not a string.',
    missing_field: 'The field is missing.',
    too_long: 'The field is too long.',
    unknown_field: 'The field is not known.',
  },
  429: { rate_limited: 'Too many requests; `Retry-After` says when to come back.' },
  431: { headers_too_large: 'The headers are over 16 KiB, or more than 64.' },
  500: { internal: 'Something went wrong on the server; its log has the request id.' },
  503: {
    backlog_full: 'Too many messages wait for the repository.',
    shutting_down: 'The server is shutting down.',
    storage_busy: 'The storage is busy, or cannot be written.',
  },
  507: { storage_full: 'There is no room to store messages.' },
} as const

export type ErrorStatus = keyof typeof ERROR_CODES

type CodeOf<Status> = Status extends ErrorStatus ? keyof (typeof ERROR_CODES)[Status] : never

export type ErrorCode = CodeOf<ErrorStatus>

/** Some of the codes, by their status. */
export type Refusals = { readonly [Status in ErrorStatus]?: readonly CodeOf<Status>[] }
