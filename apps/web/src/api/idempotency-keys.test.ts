import { describe, expect, it } from 'vitest'
import { createIdempotencyKeys } from './idempotency-keys.js'

describe('createIdempotencyKeys()', () => {
  const createNumberedKeys = () => {
    let count = 0
    return createIdempotencyKeys(() => `key ${++count}`)
  }

  it('keeps the key when the same body is sent again', () => {
    const keys = createNumberedKeys()
    expect(keys.keyFor({ content: 'hello' })).toBe(keys.keyFor({ content: 'hello' }))
  })

  it('creates a new key for another body', () => {
    const keys = createNumberedKeys()
    expect(keys.keyFor({ content: 'hello' })).not.toBe(keys.keyFor({ content: 'hello!' }))
  })

  it('creates a new key for the same body once it was accepted', () => {
    const keys = createNumberedKeys()
    const first = keys.keyFor({ content: 'hello' })
    keys.markAccepted()
    expect(keys.keyFor({ content: 'hello' })).not.toBe(first)
  })

  it('creates keys of 32 hexadecimal digits', () => {
    expect(createIdempotencyKeys().keyFor({ content: 'hello' })).toMatch(/^[0-9a-f]{32}$/)
  })
})
