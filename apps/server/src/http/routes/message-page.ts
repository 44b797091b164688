import { type Engine, ValidationError } from '@gitmsg/core'
import type { MessageQuery, StoredMessage } from '@gitmsg/store'
import { type JsonArray, serializeJsonArray } from '../json-array.js'
import type { ApiResponse } from '../openapi/schemas.js'

/** A page of messages, ready to be sent. */
export interface MessagePage {
  readonly json: JsonArray
  /** The value of the `Link` header (RFC 8288), relative to the URL of this page; `null` on the last page. */
  readonly link: string | null
}

const MAX_CACHED_BYTES = 256 * 1024

/**
 * Reads the page of messages that a query string selects.
 *
 * @throws {ValidationError} of the query
 */
export async function readMessagePage(engine: Engine, querystring: string): Promise<MessagePage> {
  const { messages, next } = await engine.page(parseListQuery(querystring))
  return { json: serializeJsonArray(messages.map(toApiMessage)), link: next && linkTo(next) }
}

/** A message as the HTTP API returns it: these fields, in this order. */
export function toApiMessage(message: StoredMessage): ApiResponse<'Message'> {
  const { id, uid, content, sender, timestamp, git_hash, is_synchronized, created_at, updated_at } = message
  return { id, uid, content, sender, timestamp, git_hash, is_synchronized, created_at, updated_at }
}

/** Whether a page is short enough to stay in memory. */
export function isCacheablePage({ json }: MessagePage): boolean {
  return json.bytes !== null && json.bytes.byteLength <= MAX_CACHED_BYTES
}

function linkTo(next: MessageQuery): string {
  const parameters = new URLSearchParams(
    Object.entries(next).map(([name, value]): [string, string] => [name, String(value)]),
  )
  return `<?${parameters}>; rel="next"`
}

const NUMBERS: readonly string[] = ['limit', 'before', 'after']
const TIMES: readonly string[] = ['since', 'until']
const WHOLE_NUMBER = /^(?:0|[1-9]\d{0,15})$/
/** A time whose `+` was not escaped: the offset follows a space. */
const UNESCAPED_PLUS = /^\S+ \d{2}:?\d{2}$/

/**
 * Parses the query string of a list. A value that is not of its parameter's type stays a string, which the
 * engine rejects.
 *
 * @throws {ValidationError} `invalid-query` if a parameter is repeated or not UTF-8, `invalid-cursor` if the `+` of
 *   a time is not escaped
 */
export function parseListQuery(querystring: string): MessageQuery {
  assertDecodable(querystring)
  const query: Record<string, unknown> = Object.create(null)
  for (const [name, value] of new URLSearchParams(querystring)) {
    if (name in query) throw new ValidationError('invalid-query', 'A query parameter is repeated.')
    if (TIMES.includes(name) && UNESCAPED_PLUS.test(value)) {
      throw new ValidationError('invalid-cursor', 'A + in a URL means a space: write it as %2B.', name)
    }
    query[name] = toTyped(name, value)
  }
  return query
}

function toTyped(name: string, value: string): unknown {
  if (NUMBERS.includes(name)) return WHOLE_NUMBER.test(value) ? Number(value) : value
  if (name === 'synchronized') return value === 'true' || (value === 'false' ? false : value)
  return value
}

/** URLSearchParams would replace what it cannot decode with U+FFFD. */
function assertDecodable(querystring: string): void {
  try {
    decodeURIComponent(querystring)
  } catch {
    throw new ValidationError('invalid-query', 'The query must be percent-encoded UTF-8.')
  }
}
