import { describe, expect, it } from 'vitest'
import { matchesSearch, toSearch } from './message-query.js'

describe('toSearch()', () => {
  it('omits empty fields', () => {
    expect(
      toSearch([
        ['limit', ''],
        ['sender', ''],
      ]),
    ).toBe('')
  })

  // Covers V1.2.2
  it('encodes characters that would change the meaning of the URL', () => {
    expect(
      toSearch([
        ['limit', '20'],
        ['sender', 'a&b=ü'],
      ]),
    ).toBe('?limit=20&sender=a%26b%3D%C3%BC')
  })

  it('converts a local time to an instant', () => {
    const instant = new Date('2025-01-09T01:02:03').toISOString()
    expect(new URLSearchParams(toSearch([['since', '2025-01-09T01:02:03']])).get('since')).toBe(instant)
  })
})

describe('matchesSearch()', () => {
  const message = {
    id: 1,
    content: 'hello',
    sender: 'ada',
    timestamp: '2025-01-09T00:00:00.000Z',
    git_hash: null,
    is_synchronized: false,
  }

  it.each(['', '?limit=1', '?sender=ada', '?synchronized=false', '?since=2025-01-09T00:00:00Z'])(
    'returns true for a query that matches the message: "%s"',
    (search) => expect(matchesSearch(message, search)).toBe(true),
  )

  it.each([
    '?sender=bob',
    '?synchronized=true',
    '?since=2025-01-10T00:00:00Z',
    '?until=2025-01-09T00:00:00Z',
  ])('returns false for a query that does not match the message: "%s"', (search) =>
    expect(matchesSearch(message, search)).toBe(false),
  )
})
