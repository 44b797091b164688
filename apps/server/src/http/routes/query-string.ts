import { type ObjectJsonSchema, ValidationError } from '@gitmsg/core'

const WHOLE_NUMBER = /^(?:0|[1-9]\d{0,15})$/
/** A time whose `+` was not escaped: the offset follows a space. */
const UNESCAPED_PLUS = /^\S+ \d{2}:?\d{2}$/

/** The parameters of a query string. The engine checks them, so their types are not known here. */
// biome-ignore lint/suspicious/noExplicitAny: each engine call has its own type of query
export type ParsedQuery = any

/**
 * Parses the query string of a list. A value that is not of its parameter's type stays a string, which the
 * engine rejects.
 *
 * @param schema of the query
 * @throws {ValidationError} `invalid-query` if a parameter is repeated or not UTF-8, `invalid-cursor` if the `+` of
 *   a time is not escaped
 */
export function parseQueryString(querystring: string, { properties }: ObjectJsonSchema): ParsedQuery {
  assertDecodable(querystring)
  const query: Record<string, unknown> = Object.create(null)
  for (const [name, value] of new URLSearchParams(querystring)) {
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
function assertDecodable(querystring: string): void {
  try {
    decodeURIComponent(querystring)
  } catch {
    throw new ValidationError('invalid-query', 'The query must be percent-encoded UTF-8.')
  }
}
