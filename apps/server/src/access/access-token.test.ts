import { expect, it } from 'vitest'
import { createSecret, isScope, isTokenName, SECRET_SHAPE } from './access-token.js'

// Covers V11.5.1
it('createSecret() returns 256 random bits', () => {
  const secrets = Array.from({ length: 100 }, createSecret)
  expect(new Set(secrets).size).toBe(100)
  for (const secret of secrets) {
    expect(Buffer.from(secret.replace('gitmsg_', ''), 'base64url')).toHaveLength(32)
  }
})

it('SECRET_SHAPE matches every secret', () => {
  for (const secret of Array.from({ length: 100 }, createSecret)) {
    expect(SECRET_SHAPE.exec(secret)?.[0]).toBe(secret)
  }
})

it.each([
  ['laptop', true],
  ['A-b_c.9', true],
  ['x'.repeat(64), true],
  ['x'.repeat(65), false],
  ['', false],
  ['a b', false],
  ['ä', false],
  ['a\n', false],
])('isTokenName() accepts 1 to 64 letters, digits, ".", "_" and "-": %j', (name, isValid) => {
  expect(isTokenName(name)).toBe(isValid)
})

it.each([
  ['read', true],
  ['moderate', true],
  ['admin', true],
  ['root', false],
  ['READ', false],
  ['', false],
])('isScope() accepts the names of scopes only: %j', (scope, isValid) => {
  expect(isScope(scope)).toBe(isValid)
})
