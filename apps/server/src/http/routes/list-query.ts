import { ValidationError } from '@gitmsg/core'
import type { MessageQuery } from '@gitmsg/store'

const NUMBERS: readonly string[] = ['limit', 'before', 'after']
const WHOLE_NUMBER = /^[1-9]\d{0,15}$/

/**
 * The text of a query as the query it means. What does not read as the type it should have stays text, and
 * is refused by the engine, as from any caller.
 *
 * @throws {ValidationError} `invalid-query` for a parameter given twice, or what is not UTF-8
 */
export function parseListQuery(text: string): MessageQuery {
  assertDecodable(text)
  const query: Record<string, unknown> = Object.create(null)
  for (const [name, value] of new URLSearchParams(text)) {
    if (name in query) throw new ValidationError('invalid-query', 'A parameter is given twice.')
    query[name] = typed(name, value)
  }
  return query
}

function typed(name: string, value: string): unknown {
  if (NUMBERS.includes(name)) return WHOLE_NUMBER.test(value) ? Number(value) : value
  if (name === 'synchronized') return value === 'true' || (value === 'false' ? false : value)
  return value
}

/** URLSearchParams would put U+FFFD in the place of what it cannot decode. */
function assertDecodable(text: string): void {
  try {
    decodeURIComponent(text)
  } catch {
    throw new ValidationError('invalid-query', 'The query is not percent-encoded UTF-8.')
  }
}
