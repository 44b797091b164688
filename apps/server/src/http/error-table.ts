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
const LIVE_RETRY_SECONDS = 5
const HELD_RETRY_SECONDS = 600
const INDEXING_RETRY_SECONDS = 5
const AWAY_RETRY_SECONDS = 5
const PROVIDER_RETRY_SECONDS = 5
/** A person must act first: free space, repair the disk, or put back a backup. */
const INTERVENTION_RETRY_SECONDS = 60

/** Every error that a client can receive. The only place that knows status codes, and what the OpenAPI document lists. */
export const HTTP_ERRORS = {
  duplicate_key: { status: 400, message: 'The body must not contain the same field twice.' },
  invalid_cursor: { status: 400, message: 'A parameter that bounds the list is not valid.' },
  invalid_header: { status: 400, message: 'A header is repeated, or its value is not valid.' },
  invalid_host: { status: 400, message: 'The request must name exactly one host.' },
  invalid_json: { status: 400, message: 'The body must be valid JSON.' },
  invalid_precondition: {
    status: 400,
    message: 'The If-Match header must be the ETag of a message, like "2", or an asterisk.',
  },
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
  invalid_credentials: {
    status: 401,
    message: 'The handle or the password is wrong.',
    headers: ['WWW-Authenticate'],
  },
  account_required: {
    status: 403,
    message: 'This endpoint requires an account; tokens of the tokens file have none.',
  },
  address_denied: { status: 403, message: 'Requests from this address are not allowed.' },
  approval_required: {
    status: 403,
    message: 'What you post has to be approved before it is published, so this cannot be changed.',
  },
  insufficient_scope: {
    status: 403,
    message: 'The access token lacks the scope that this endpoint requires.',
    headers: ['WWW-Authenticate'],
  },
  invalid_link: { status: 403, message: 'The link is not valid, was used already, or has ended.' },
  origin_not_allowed: { status: 403, message: 'Requests from other sites are not allowed.' },
  sender_not_allowed: { status: 403, message: 'The access token is bound to another sender.' },
  sender_reserved: { status: 403, message: 'The sender looks like the handle of an account.' },
  sign_in_ended: {
    status: 403,
    message: 'This sign-in was started in another browser, has ended, or was used already. Start again.',
  },
  sign_in_failed: { status: 403, message: 'The identity provider did not confirm who you are.' },
  session_required: {
    status: 403,
    message: 'This endpoint requires a session: an access token is not enough.',
  },
  not_found: { status: 404, message: 'The requested resource does not exist.' },
  method_not_allowed: {
    status: 405,
    message: 'This method is not allowed here. The Allow header lists the methods that are.',
    headers: ['Allow'],
  },
  not_acceptable: {
    status: 406,
    message: 'This endpoint responds to a WebSocket handshake, or to the Accept header text/event-stream.',
  },
  request_timeout: { status: 408, message: 'The request was not received in time.' },
  duplicate_message: {
    status: 409,
    message: 'The same text was posted by this sender less than a minute ago.',
  },
  epoch_changed: {
    status: 409,
    message: 'The position is of another history of this database. Read everything again.',
  },
  format_too_old: {
    status: 409,
    message:
      'This server holds its repository at format version 1, which has only plain messages that never change.',
  },
  handle_taken: { status: 409, message: 'This handle, or one that looks like it, is taken.' },
  identity_taken: { status: 409, message: 'This identity belongs to another account.' },
  last_admin: { status: 409, message: 'The last admin must stay one.' },
  limit_reached: { status: 409, message: 'There are as many of these as there can be. Remove some first.' },
  position_ahead: {
    status: 409,
    message: 'This database has not reached the position. Read everything again.',
  },
  deleted: { status: 410, message: 'The message is deleted.' },
  version_conflict: {
    status: 412,
    message: 'The message does not have the version in If-Match. Read it again.',
  },
  body_too_large: { status: 413, message: 'The body must not exceed 64 KiB.' },
  unsupported_charset: { status: 415, message: 'The body must be encoded as UTF-8.' },
  unsupported_encoding: { status: 415, message: 'The body must not be compressed.' },
  unsupported_media_type: { status: 415, message: 'The Content-Type must be application/json.' },
  expectation_failed: { status: 417, message: 'The only supported expectation is 100-continue.' },
  host_not_allowed: { status: 421, message: 'This server does not serve the requested host.' },
  empty: { status: 422, message: 'The field must not be blank.' },
  idempotency_key_reused: {
    status: 422,
    message: 'The idempotency key was already used for another request.',
  },
  invalid_body: { status: 422, message: 'The body must be a JSON object.' },
  invalid_characters: { status: 422, message: 'The field contains characters that are not allowed.' },
  invalid_reply_to: { status: 422, message: 'There is no such message that can be replied to.' },
  invalid_timestamp: { status: 422, message: 'The timestamp must be an RFC 3339 date and time.' },
  invalid_type: { status: 422, message: 'The field must be a string.' },
  invalid_value: { status: 422, message: 'The field must be one of the described values.' },
  missing_field: { status: 422, message: 'The field is required.' },
  not_editable: { status: 422, message: 'A reaction cannot be edited.' },
  too_long: { status: 422, message: 'The field is too long.' },
  unknown_field: { status: 422, message: 'The field is unknown.' },
  weak_password: {
    status: 422,
    message: 'A password has 8 to 128 characters, and is not one of the most common.',
  },
  rate_limited: {
    status: 429,
    message: 'Too many requests. Try again later.',
    headers: ['Retry-After'],
  },
  too_many_held: {
    status: 429,
    message: 'Too many posts wait for a moderator. Try again later.',
    retryAfterSeconds: HELD_RETRY_SECONDS,
  },
  too_many_sockets: {
    status: 429,
    message: 'Too many live connections of this client. Close some first.',
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
  indexing: {
    status: 503,
    message: 'The search index is being built. Try again later.',
    retryAfterSeconds: INDEXING_RETRY_SECONDS,
  },
  live_full: {
    status: 503,
    message: 'The live channel has no room. Try again later.',
    retryAfterSeconds: LIVE_RETRY_SECONDS,
  },
  provider_unavailable: {
    status: 503,
    message: 'The identity provider cannot be reached, or does not work. Try again later.',
    retryAfterSeconds: PROVIDER_RETRY_SECONDS,
  },
  sign_in_busy: {
    status: 503,
    message: 'Too many passwords are being checked. Try again later.',
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
  storage_unavailable: {
    status: 503,
    message: 'The database cannot be reached. What was sent may have been stored. Try again later.',
    retryAfterSeconds: AWAY_RETRY_SECONDS,
  },
  storage_unwritable: {
    status: 503,
    message: 'The database or its disk is read-only, or failed to write.',
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
