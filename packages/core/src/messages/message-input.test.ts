import { describe, expect, it } from 'vitest'
import { ValidationError } from '../validation-error.js'
import { parseMessageInput } from './message-input.js'

const valid = { content: 'hello', sender: 'alice' }

function rejectionOf(input: unknown): { code: string; field: string | undefined } {
  try {
    parseMessageInput(input)
  } catch (error) {
    if (error instanceof ValidationError) return { code: error.code, field: error.field }
    throw error
  }
  throw new Error('the input was accepted')
}

describe('parseMessageInput()', () => {
  // Covers IN-31
  it.each([
    ['plain', 'hello'],
    ['emoji with joiners', '👩‍👩‍👧‍👦 🏳️‍🌈'],
    ['right to left', 'مرحبا'],
    ['not normalized', 'e\u0301 and \u00e9'],
    ['escape, bell, delete, line separator', '\u001b\u0007\u007f\u2028'],
    ['markup', '<script>alert(1)</script>'],
    ['as long as it may be, in code points', '😀'.repeat(32_768)],
  ])('returns the content unchanged: %s', (_, content) => {
    expect(parseMessageInput({ ...valid, content }).content).toBe(content)
  })

  it.each(['alice', 'Ada Lovelace', '<>', '.', '-x', '--amend', "O'Brien", 'Zoë', '李', '😀'.repeat(64)])(
    'accepts the sender %s',
    (sender) => {
      expect(parseMessageInput({ ...valid, sender }).sender).toBe(sender)
    },
  )

  it.each([
    ['2025-01-09T00:06:41Z', '2025-01-09T00:06:41.000Z'],
    ['2025-01-09t01:06:41.1239+01:00', '2025-01-09T00:06:41.123Z'],
    ['1969-12-31T23:59:59Z', '1969-12-31T23:59:59.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
  ])('normalizes the timestamp %s', (timestamp, stored) => {
    expect(parseMessageInput({ ...valid, timestamp }).timestamp).toBe(stored)
  })
})

describe('parseMessageInput() rejects', () => {
  // Covers IN-65, V2.2.1
  it.each([
    [undefined, 'invalid-body', undefined],
    [null, 'invalid-body', undefined],
    ['text', 'invalid-body', undefined],
    [[valid], 'invalid-body', undefined],
    [{}, 'missing-field', 'content'],
    [{ content: 'x' }, 'missing-field', 'sender'],
    [{ ...valid, sender: null }, 'missing-field', 'sender'],
    [{ ...valid, sender: 5 }, 'invalid-type', 'sender'],
    [{ ...valid, sender: ['a'] }, 'invalid-type', 'sender'],
    [{ ...valid, content: {} }, 'invalid-type', 'content'],
    [{ ...valid, content: true }, 'invalid-type', 'content'],
    [{ ...valid, content: '' }, 'empty', 'content'],
    [{ ...valid, content: ' \t\n\u3000' }, 'empty', 'content'],
    [{ ...valid, content: 'x'.repeat(32_769) }, 'too-long', 'content'],
    [{ ...valid, content: 'x'.repeat(10_000_000) }, 'too-long', 'content'],
    [{ ...valid, content: 'a\0b' }, 'invalid-characters', 'content'],
    [{ ...valid, content: 'a\ud800b' }, 'invalid-characters', 'content'],
    [{ ...valid, sender: '' }, 'empty', 'sender'],
    [{ ...valid, sender: '   ' }, 'empty', 'sender'],
    [{ ...valid, sender: '\u200b\u200d\ufeff' }, 'empty', 'sender'],
    [{ ...valid, sender: '\u2800 \u2800' }, 'empty', 'sender'],
    [{ ...valid, sender: '\u115f\u1160\u3164\uffa0' }, 'empty', 'sender'],
    [{ ...valid, sender: '😀'.repeat(65) }, 'too-long', 'sender'],
    [{ ...valid, sender: 'a\nMessage-Id: forged' }, 'invalid-characters', 'sender'],
    [{ ...valid, sender: 'a\tb' }, 'invalid-characters', 'sender'],
    [{ ...valid, sender: 'a\u001b[31m' }, 'invalid-characters', 'sender'],
    [{ ...valid, sender: 'a\u202eb' }, 'invalid-characters', 'sender'],
    [{ ...valid, sender: 'a\u2066b' }, 'invalid-characters', 'sender'],
    [{ ...valid, sender: 'a\u2028b' }, 'invalid-characters', 'sender'],
    [{ ...valid, sender: '\u0301' }, 'invalid-characters', 'sender'],
    [{ ...valid, sender: 'a\u{e0080}\u0378' }, 'invalid-characters', 'sender'],
    [{ ...valid, timestamp: 'yesterday' }, 'invalid-timestamp', 'timestamp'],
    [{ ...valid, timestamp: '2025-02-30T00:00:00Z' }, 'invalid-timestamp', 'timestamp'],
    [{ ...valid, timestamp: '2025-01-09T24:00:00Z' }, 'invalid-timestamp', 'timestamp'],
    [{ ...valid, timestamp: '2025-01-09T00:06:41' }, 'invalid-timestamp', 'timestamp'],
    [{ ...valid, timestamp: '0000-01-01T00:00:00+01:00' }, 'invalid-timestamp', 'timestamp'],
    [{ ...valid, timestamp: 1736381201 }, 'invalid-type', 'timestamp'],
    [{ ...valid, id: 7 }, 'unknown-field', 'id'],
    [{ ...valid, constructor: 'x' }, 'unknown-field', 'constructor'],
    [JSON.parse('{"content":"a","sender":"b","__proto__":"c"}'), 'unknown-field', '__proto__'],
    [{ ...valid, 'a <b>': 1 }, 'unknown-field', undefined],
  ])('%j', (input, code, field) => {
    expect(rejectionOf(input)).toEqual({ code, field })
  })

  it('an object that cannot be read', () => {
    const hostile = Object.defineProperty({ ...valid }, 'sender', {
      enumerable: true,
      get() {
        throw new Error('no')
      },
    })
    expect(rejectionOf(hostile).code).toBe('invalid-body')
  })

  // Covers IN-65, V15.3.5
  it.each([
    ['with a symbol', { ...valid, [Symbol('id')]: 7 }, 'unknown-field'],
    ['with a symbol as its sender', { ...valid, sender: Symbol('a') }, 'invalid-type'],
    ['with a number of any size', { ...valid, sender: 2n ** 70n }, 'invalid-type'],
    ['with a boxed string', { ...valid, sender: Object('alice') }, 'invalid-type'],
    ['with a function', { ...valid, sender: () => 'alice' }, 'invalid-type'],
    ['that is a function', () => valid, 'invalid-body'],
    ['that is a symbol', Symbol('a'), 'invalid-body'],
    ['that is 1n', 1n, 'invalid-body'],
    ['that inherits its fields', Object.create(valid), 'missing-field'],
    ['that is a map', new Map(Object.entries(valid)), 'missing-field'],
    ['that is a revoked proxy', revokedProxy(), 'invalid-body'],
    [
      'that is a proxy which lies about its keys',
      new Proxy({}, { ownKeys: () => [1 as never] }),
      'invalid-body',
    ],
  ])('an object %s', (_, input, code) => {
    expect(rejectionOf(input).code).toBe(code)
  })

  it('input without repeating it', () => {
    const secret = 'hunter2\0'
    expect(() => parseMessageInput({ ...valid, content: secret })).toThrow(/^(?!.*hunter2)/)
  })
})

it.each([
  ['without a prototype', Object.assign(Object.create(null), valid)],
  ['behind a proxy', new Proxy(valid, {})],
  ['that is frozen', Object.freeze({ ...valid })],
])('parseMessageInput() accepts an object %s', (_, input) => {
  expect(parseMessageInput(input)).toEqual(valid)
})

function revokedProxy(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

// Covers IN-65
it('parseMessageInput() reads each field once, so that a getter cannot change it later', () => {
  let reads = 0
  const input = {
    sender: 'alice',
    get content() {
      reads += 1
      return reads === 1 ? 'first' : 'a\0b'
    },
  }
  expect(parseMessageInput(input).content).toBe('first')
  expect(reads).toBe(1)
})
