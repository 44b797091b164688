import { expect, it } from 'vitest'
import { assertSafeSqlite, isSafeSqliteVersion } from './sqlite-version.js'

it.each(['3.51.3', '3.51.10', '3.53.2', '3.100.0', '4.0.0'])('trusts SQLite %s', (version) => {
  expect(isSafeSqliteVersion(version)).toBe(true)
})

it.each(['3.51.2', '3.50.7', '3.9.9', '2.99.99', '', 'newest'])('does not trust SQLite "%s"', (version) => {
  expect(isSafeSqliteVersion(version)).toBe(false)
})

it('trusts the SQLite this package comes with', () => {
  expect(assertSafeSqlite).not.toThrow()
})
