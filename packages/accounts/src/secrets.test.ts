import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { createSecret, digestOf, isSecret, SECRET_PATTERN } from './secrets.js'

const KINDS = ['access', 'session', 'join', 'reset', 'identity'] as const

// Covers V7.2.3, V11.5.1
it('every secret has 256 random bits of the system, and is like no other', () => {
  const sizes: number[] = []
  const count = (size: number) => {
    sizes.push(size)
    return randomBytes(size)
  }
  const secrets = KINDS.flatMap((kind) => Array.from({ length: 100 }, () => createSecret(kind, count)))
  expect(new Set(sizes)).toEqual(new Set([32]))
  expect(new Set(secrets).size).toBe(500)
  for (const secret of secrets) {
    expect(secret).toMatch(SECRET_PATTERN)
    expect(KINDS.filter((kind) => isSecret(kind, secret))).toHaveLength(1)
    expect(digestOf(secret)).not.toContain(secret)
  }
})
