import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inputJsonSchemas } from './input-json-schemas.js'
import { checkListQuery } from './message-query.js'
import { parseListQuery, parseQueryString } from './query-string.js'

const text = fc.string({ minLength: 1, unit: 'grapheme' }).filter((value) => !value.includes('\0'))
const listQuery = fc.record(
  {
    limit: fc.integer({ min: 1, max: 1000 }),
    before: fc.integer({ min: 1 }),
    after: fc.integer({ min: 0 }),
    sender: text,
    topic: text,
    thread: text,
    since: fc.constantFrom('2025-01-09T00:06:41+01:00', '2025-01-09T00:06:41.000Z'),
    synchronized: fc.boolean(),
    deleted: fc.boolean(),
  },
  { requiredKeys: [] },
)

describe('parseListQuery()', () => {
  it('returns every query that was written as a query string, as text or parsed', () => {
    fc.assert(
      fc.property(listQuery, (query) => {
        const search = new URLSearchParams(
          Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
        )
        const expected = checkListQuery(query)
        expect(parseListQuery(search)).toEqual(expected)
        expect(parseListQuery(String(search))).toEqual(expected)
      }),
    )
  })

  it.each([
    ['limit=0', 'invalid-query'],
    ['limit=1.0', 'invalid-query'],
    ['limit=01', 'invalid-query'],
    ['limit=1&limit=1', 'invalid-query'],
    ['deleted=yes', 'invalid-query'],
    ['unknown=1', 'invalid-query'],
    ['__proto__=1', 'invalid-query'],
    ['sender=%ff', 'invalid-query'],
    ['before=x', 'invalid-cursor'],
    ['since=2025-01-09T00:06:41+01:00', 'invalid-cursor'],
  ])('rejects %s', (search, code) => {
    expect(() => parseListQuery(search)).toThrow(expect.objectContaining({ code }))
  })
})

it('parseQueryString() keeps what is not of its type, and what is unknown, as text', () => {
  const { search: schema } = inputJsonSchemas()
  expect({ ...parseQueryString('q=1&limit=x&other=2', schema) }).toEqual({ q: '1', limit: 'x', other: '2' })
})
