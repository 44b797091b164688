import { expect, it } from 'vitest'
import { expectError } from '../testing/accounts-fixture.js'
import { checkNewPassword } from './password-rules.js'

// Covers V6.2.1, V6.2.5, V6.2.9
it.each([
  'correct horse',
  '        ',
  '密码密码密码密码',
  '😀'.repeat(8),
  `${'a'.repeat(127)}b`,
  'pass\u0000word1',
])('checkNewPassword() accepts 8 to 128 code points of any kind: %j', (password) =>
  checkNewPassword(password),
)

it.each([
  undefined,
  5,
  '',
  'seven77',
  '😀'.repeat(7),
  `${'a'.repeat(128)}b`,
  '😀'.repeat(129),
  'lone \ud800 surrogate',
])('checkNewPassword() rejects what is not: %j', (password) =>
  expectError(checkNewPassword(password), 'weak-password'),
)

it.each(['password', 'Password', 'PASSWORD1', '12345678', 'qwertyuiop', 'iloveyou', '11111111', 'trustno1'])(
  'checkNewPassword() rejects one of the most common: %s',
  (password) => expectError(checkNewPassword(password), 'weak-password'),
)

// Covers V6.2.4
it('checkNewPassword() knows more than the 3,000 most common passwords of its length', async () => {
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  const long = dictionary['passwords-common'].filter((password) => password.length >= 8)
  expect(long.length).toBeGreaterThan(3_000)
  for (const password of long.slice(0, 3_000)) await expectError(checkNewPassword(password), 'weak-password')
})
