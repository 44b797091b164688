import { describe, expect, it } from 'vitest'
import { toSearch } from './message-query.js'

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
