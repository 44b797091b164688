import { expect, it } from 'vitest'
import { matchesSender, narrowScopes, ROLES, scopesOf } from './rights.js'
import { createSecret, SECRET_PATTERN } from './secrets.js'

it('scopesOf() adds a scope with each role', () => {
  expect(ROLES.map((role) => scopesOf(role).join(' '))).toEqual([
    'read',
    'read write',
    'read write moderate',
    'read write moderate admin',
  ])
})

it('narrowScopes() never gives a scope that either side lacks', () => {
  expect(narrowScopes(['admin', 'read'], 'member')).toEqual(['read'])
  expect(narrowScopes(['write'], 'admin')).toEqual(['write'])
})

it.each([
  ['irc/*', 'irc/ada', true],
  ['irc/*', 'irc/', true],
  ['irc/*', 'irc', false],
  ['irc/*', 'IRC/ada', false],
  ['*', 'ada', true],
  ['a*b', 'axb', false],
  ['ada', 'ada', true],
  ['ada', 'adam', false],
])('matchesSender(%j, %j) is %j', (pattern, sender, expected) => {
  expect(matchesSender(pattern, sender)).toBe(expected)
})

it.each(['access', 'session', 'join', 'reset', 'identity'] as const)(
  'SECRET_PATTERN finds every kind of secret in a longer text: %s',
  (kind) => {
    const secret = createSecret(kind, (size) => Buffer.alloc(size, 0xff))
    expect(SECRET_PATTERN.exec(`"${secret}",`)?.[0]).toBe(secret)
  },
)
