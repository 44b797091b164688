import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hasDuplicateKey } from './duplicate-key.js'

describe('hasDuplicateKey()', () => {
  it.each([
    ['{"a":1,"a":2}', true],
    ['{"a":1,"\\u0061":2}', true],
    ['{"a":1,"b":{"a":2}}', false],
    ['{"a":{"b":1},"a":2}', true],
    ['{"a":"{\\"a\\":1}"}', false],
    ['{"a":"b","b":"a"}', false],
    ['[{"a":1},{"a":2}]', false],
    ['"a"', false],
    ['{}', false],
  ])('finds repeated keys of the outermost object only: %s -> %s', (json, expected) => {
    expect(hasDuplicateKey(json)).toBe(expected)
  })

  it('returns false for everything that JSON.stringify produces', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => !hasDuplicateKey(JSON.stringify(value))))
  })

  // Covers IN-12
  it('is fast for deeply nested text', () => {
    const deep = `{"a":${'['.repeat(30_000)}${']'.repeat(30_000)},"a":1}`
    expect(hasDuplicateKey(deep)).toBe(true)
  })
})
