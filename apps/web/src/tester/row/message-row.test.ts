import { describe, expect, it } from 'vitest'
import type { Message } from '../../api/api-types.js'
import { isLong, stateOf } from './message-row.js'

describe('isLong()', () => {
  it('returns false for a few lines', () => expect(isLong('one\ntwo\nthree')).toBe(false))
  it('returns true for many lines', () => expect(isLong('\n'.repeat(10))).toBe(true))
  it('returns true for one very long line', () => expect(isLong('a'.repeat(801))).toBe(true))
})

describe('stateOf()', () => {
  const message: Message = {
    id: 1,
    content: 'hello',
    sender: 'ada',
    timestamp: '2025-01-09T00:00:00.000Z',
    git_hash: null,
    is_synchronized: false,
  }

  it.each([
    [false, undefined, 'pending'],
    [false, 'The path is too long.', 'quarantined'],
    [true, 'The path is too long.', 'synchronized'],
  ] as const)('derives the state of a message: synchronized %s, reason %s: %s', (done, reason, state) => {
    expect(stateOf({ ...message, is_synchronized: done }, reason)).toBe(state)
  })
})
