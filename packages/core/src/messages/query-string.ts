import { ValidationError } from '../validation-error.js'
import { inputJsonSchemas, type ObjectJsonSchema } from './input-json-schemas.js'
import { checkListQuery, type ListQuery } from './message-query.js'

const WHOLE_NUMBER = /^(?:0|[1-9]\d{0,15})$/
/** A time whose `+` was not escaped: the offset follows a space. */
const UNESCAPED_PLUS = /^\S+ \d{2}:?\d{2}$/

/** The parameters of a query string. The engine checks them, so their types are not known here. */
// biome-ignore lint/suspicious/noExplicitAny: each engine call has its own type of query
export type ParsedQuery = any

const { query: listSchema } = inputJsonSchemas()

/**
 * Parses the query string of a list of messages, with the parameters of `GET /messages`.
 *
 * @param search without `?`
 * @throws {ValidationError} `invalid-cursor` for `before`, `after`, `since` and `until`, else `invalid-query`
 * @example
 * const { searchParams } = new URL(request.url)
 * const messages = await engine.list(parseListQuery(searchParams))
 */
export function parseListQuery(search: string | URLSearchParams): ListQuery {
  return checkListQuery(parseQueryString(search, listSchema))
}

/**
 * Parses the query string of any call. A value that is not of its parameter's type stays a string, which the engine
 * rejects.
 *
 * @param search without `?`
 * @param schema of the query, one of {@link inputJsonSchemas}
 * @throws {ValidationError} `invalid-query` if a parameter is repeated or not UTF-8, `invalid-cursor` if the `+` of
 *   a time is not escaped
 */
export function parseQueryString(
  search: string | URLSearchParams,
  { properties }: ObjectJsonSchema,
): ParsedQuery {
  if (typeof search === 'string') assertDecodable(search)
  const query: Record<string, unknown> = Object.create(null)
  for (const [name, value] of new URLSearchParams(search)) {
    if (name in query) throw new ValidationError('invalid-query', 'A query parameter is repeated.')
    const { type, format } = Object.hasOwn(properties, name) ? (properties[name] ?? {}) : {}
    if (format === 'date-time' && UNESCAPED_PLUS.test(value)) {
      throw new ValidationError('invalid-cursor', 'A + in a URL means a space: write it as %2B.', name)
    }
    query[name] = toTyped(value, type)
  }
  return query
}

function toTyped(value: string, type: unknown): unknown {
  if (type === 'integer') return WHOLE_NUMBER.test(value) ? Number(value) : value
  if (type === 'boolean') return value === 'true' || (value === 'false' ? false : value)
  return value
}

/** URLSearchParams would replace what it cannot decode with U+FFFD. */
function assertDecodable(search: string): void {
  try {
    decodeURIComponent(search)
  } catch {
    throw new ValidationError('invalid-query', 'The query must be percent-encoded UTF-8.')
  }
}
