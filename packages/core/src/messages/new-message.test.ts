import { describe, expect, it } from 'vitest'
import { parseMessageInput } from './new-message.js'
import { ValidationError } from './validation-error.js'

const valid = { content: 'hello', sender: 'alice' }

function refusalOf(input: unknown): { code: string; field: string | undefined } {
  try {
    parseMessageInput(input)
  } catch (error) {
    if (error instanceof ValidationError) return { code: error.code, field: error.field }
    throw error
  }
  throw new Error('it was accepted')
}

describe('a message', () => {
  it.each([
    ['plain', 'hello'],
    ['emoji with joiners', '👩‍👩‍👧‍👦 🏳️‍🌈'],
    ['right to left', 'مرحبا'],
    ['not normalized', 'e\u0301 and \u00e9'],
    ['escape, bell, delete, line separator', '\u001b\u0007\u007f\u2028'],
    ['markup', '<script>alert(1)</script>'],
    ['as long as it may be, in code points', '😀'.repeat(32_768)],
  ])('keeps its content as it was sent: %s', (_, content) => {
    expect(parseMessageInput({ ...valid, content }).content).toBe(content)
  })

  it.each(['alice', 'Ada Lovelace', '<>', '.', '-x', '--amend', "O'Brien", 'Zoë', '李', '😀'.repeat(64)])(
    'may come from %s',
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
  ])('may be of the time %s', (timestamp, stored) => {
    expect(parseMessageInput({ ...valid, timestamp }).timestamp).toBe(stored)
  })
})

describe('no message', () => {
  it.each([
    [undefined, 'invalid_body', undefined],
    [null, 'invalid_body', undefined],
    ['text', 'invalid_body', undefined],
    [[valid], 'invalid_body', undefined],
    [{}, 'missing_field', 'content'],
    [{ content: 'x' }, 'missing_field', 'sender'],
    [{ ...valid, sender: null }, 'missing_field', 'sender'],
    [{ ...valid, sender: 5 }, 'invalid_type', 'sender'],
    [{ ...valid, sender: ['a'] }, 'invalid_type', 'sender'],
    [{ ...valid, content: {} }, 'invalid_type', 'content'],
    [{ ...valid, content: true }, 'invalid_type', 'content'],
    [{ ...valid, content: '' }, 'empty', 'content'],
    [{ ...valid, content: ' \t\n\u3000' }, 'empty', 'content'],
    [{ ...valid, content: 'x'.repeat(32_769) }, 'too_long', 'content'],
    [{ ...valid, content: 'x'.repeat(10_000_000) }, 'too_long', 'content'],
    [{ ...valid, content: 'a\0b' }, 'invalid_characters', 'content'],
    [{ ...valid, content: 'a\ud800b' }, 'invalid_characters', 'content'],
    [{ ...valid, sender: '' }, 'empty', 'sender'],
    [{ ...valid, sender: '   ' }, 'empty', 'sender'],
    [{ ...valid, sender: '\u200b\u200d\ufeff' }, 'empty', 'sender'],
    [{ ...valid, sender: '\u2800 \u2800' }, 'empty', 'sender'],
    [{ ...valid, sender: '\u115f\u1160\u3164\uffa0' }, 'empty', 'sender'],
    [{ ...valid, sender: '😀'.repeat(65) }, 'too_long', 'sender'],
    [{ ...valid, sender: 'a\nMessage-Id: forged' }, 'invalid_characters', 'sender'],
    [{ ...valid, sender: 'a\tb' }, 'invalid_characters', 'sender'],
    [{ ...valid, sender: 'a\u001b[31m' }, 'invalid_characters', 'sender'],
    [{ ...valid, sender: 'a\u202eb' }, 'invalid_characters', 'sender'],
    [{ ...valid, sender: 'a\u2066b' }, 'invalid_characters', 'sender'],
    [{ ...valid, sender: 'a\u2028b' }, 'invalid_characters', 'sender'],
    [{ ...valid, sender: '\u0301' }, 'invalid_characters', 'sender'],
    [{ ...valid, sender: 'a\u{e0080}\u0378' }, 'invalid_characters', 'sender'],
    [{ ...valid, timestamp: 'yesterday' }, 'invalid_timestamp', 'timestamp'],
    [{ ...valid, timestamp: '2025-02-30T00:00:00Z' }, 'invalid_timestamp', 'timestamp'],
    [{ ...valid, timestamp: '2025-01-09T24:00:00Z' }, 'invalid_timestamp', 'timestamp'],
    [{ ...valid, timestamp: '2025-01-09T00:06:41' }, 'invalid_timestamp', 'timestamp'],
    [{ ...valid, timestamp: '0000-01-01T00:00:00+01:00' }, 'invalid_timestamp', 'timestamp'],
    [{ ...valid, timestamp: 1736381201 }, 'invalid_type', 'timestamp'],
    [{ ...valid, id: 7 }, 'unknown_field', 'id'],
    [{ ...valid, constructor: 'x' }, 'unknown_field', 'constructor'],
    [JSON.parse('{"content":"a","sender":"b","__proto__":"c"}'), 'unknown_field', '__proto__'],
    [{ ...valid, 'a <b>': 1 }, 'unknown_field', undefined],
  ])('is in %j', (input, code, field) => {
    expect(refusalOf(input)).toEqual({ code, field })
  })

  it('is in an object that cannot be read', () => {
    const hostile = Object.defineProperty({ ...valid }, 'sender', {
      enumerable: true,
      get() {
        throw new Error('no')
      },
    })
    expect(refusalOf(hostile).code).toBe('invalid_body')
  })

  it.each([
    ['with a symbol', { ...valid, [Symbol('id')]: 7 }, 'unknown_field'],
    ['with a symbol as its sender', { ...valid, sender: Symbol('a') }, 'invalid_type'],
    ['with a number of any size', { ...valid, sender: 2n ** 70n }, 'invalid_type'],
    ['with a boxed string', { ...valid, sender: Object('alice') }, 'invalid_type'],
    ['with a function', { ...valid, sender: () => 'alice' }, 'invalid_type'],
    ['that is a function', () => valid, 'invalid_body'],
    ['that is a symbol', Symbol('a'), 'invalid_body'],
    ['that is 1n', 1n, 'invalid_body'],
    ['that inherits its fields', Object.create(valid), 'missing_field'],
    ['that is a map', new Map(Object.entries(valid)), 'missing_field'],
    ['that is a revoked proxy', revokedProxy(), 'invalid_body'],
    [
      'that is a proxy which lies about its keys',
      new Proxy({}, { ownKeys: () => [1 as never] }),
      'invalid_body',
    ],
  ])('is in an object %s', (_, input, code) => {
    expect(refusalOf(input).code).toBe(code)
  })

  it('never says what was sent', () => {
    const secret = 'hunter2\0'
    expect(() => parseMessageInput({ ...valid, content: secret })).toThrow(/^(?!.*hunter2)/)
  })
})

it.each([
  ['without a prototype', Object.assign(Object.create(null), valid)],
  ['behind a proxy', new Proxy(valid, {})],
  ['that is frozen', Object.freeze({ ...valid })],
])('may be in an object %s', (_, input) => {
  expect(parseMessageInput(input)).toEqual(valid)
})

function revokedProxy(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

it('reads each field once, so that a getter cannot answer differently later', () => {
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
