import { describe, expect, it } from 'vitest'
import { checkListQuery, pageSchema, parseQuery } from './message-query.js'

describe('checkListQuery()', () => {
  it('returns every filter unchanged, and times in their stored form', () => {
    const query = {
      limit: 1000,
      before: 9,
      after: 3,
      sender: 'a',
      since: '2025-01-01T00:00:00Z',
      synchronized: false,
    }
    expect(checkListQuery(query)).toEqual({ ...query, since: '2025-01-01T00:00:00.000Z' })
  })

  it('accepts the beginning as the id after which a list starts', () => {
    expect(checkListQuery({ after: 0 })).toEqual({ after: 0 })
  })

  it.each([
    [{ since: '2016-12-31T23:59:60Z' }, /^A time must not be a leap second/],
    [{ until: '2016-12-31T23:59:60.5+00:00' }, /^A time must not be a leap second/],
    [{ since: '2016-12-31' }, /^A time must be RFC 3339/],
    [{ since: 5 }, /^since must be an RFC 3339 time/],
    [{ before: 0 }, /^before must be the id/],
    [{ after: -1 }, /^after must be the id of a message, or 0/],
  ])('tells what is wrong with %j', (query, message) => {
    expect(() => checkListQuery(query)).toThrow(message)
  })

  it('leaves out undefined filters', () => {
    expect(checkListQuery({ limit: undefined })).toEqual({})
  })

  // Covers IN-66, V2.2.1
  it.each([
    [{ limit: 0 }, 'invalid-query'],
    [{ limit: -1 }, 'invalid-query'],
    [{ limit: 1.5 }, 'invalid-query'],
    [{ limit: 1001 }, 'invalid-query'],
    [{ limit: Number.NaN }, 'invalid-query'],
    [{ limit: '5' }, 'invalid-query'],
    [{ since: 'now' }, 'invalid-cursor'],
    [{ until: '99999-01-01T00:00:00Z' }, 'invalid-cursor'],
    [{ synchronized: 'true' }, 'invalid-query'],
    [{ sender: '\ud800' }, 'invalid-query'],
    [{ order: 'asc' }, 'invalid-query'],
    ['limit=5', 'invalid-query'],
    [null, 'invalid-query'],
    [[], 'invalid-query'],
    [{ limit: Number.POSITIVE_INFINITY }, 'invalid-query'],
    [{ until: 5 }, 'invalid-cursor'],
    [{ before: 0 }, 'invalid-cursor'],
    [{ after: 'abc' }, 'invalid-cursor'],
    [{ before: 2 ** 60 }, 'invalid-cursor'],
  ])('rejects %j', (query, code) => {
    expect(() => checkListQuery(query)).toThrow(expect.objectContaining({ code }))
  })
})

// Covers IN-66
it('checkListQuery() rejects an object that cannot be read', () => {
  const hostile = new Proxy(
    {},
    {
      ownKeys: () => {
        throw new Error('no')
      },
    },
  )
  expect(() => checkListQuery(hostile)).toThrow(expect.objectContaining({ code: 'invalid-query' }))
  expect(() => checkListQuery({ limit: 2n ** 63n })).toThrow(
    expect.objectContaining({ code: 'invalid-query' }),
  )
})

it('parseQuery() rejects filters that a page does not have', () => {
  expect(parseQuery(pageSchema, { limit: 5, before: 3 })).toEqual({ limit: 5, before: 3 })
  expect(() => parseQuery(pageSchema, { sender: 'a' })).toThrow(
    expect.objectContaining({ code: 'invalid-query' }),
  )
})
