import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { StoreError, toStoreError } from './store-error.js'

it('instanceof StoreError recognizes errors from another copy of the package, and no other errors', () => {
  class StoreErrorOfAnotherCopy extends Error {
    override readonly name = 'StoreError'
  }
  expect(new StoreError('busy', 'busy')).toBeInstanceOf(StoreError)
  expect(new StoreErrorOfAnotherCopy()).toBeInstanceOf(StoreError)
  expect(new Error('StoreError')).not.toBeInstanceOf(StoreError)
  expect({ name: 'StoreError' }).not.toBeInstanceOf(StoreError)
})

const SECRET = 'insert into messages values (secret) -- /home/ada/gitmsg.db'
const systemError = (code: string) => Object.assign(new Error(SECRET), { code })

describe('toStoreError()', () => {
  it.each([
    ['SQLITE_BUSY', 'busy'],
    ['SQLITE_BUSY_SNAPSHOT', 'busy'],
    ['SQLITE_LOCKED', 'busy'],
    ['SQLITE_FULL', 'full'],
    ['SQLITE_IOERR_SHMSIZE', 'full'],
    ['SQLITE_CORRUPT', 'corrupt'],
    ['SQLITE_CORRUPT_INDEX', 'corrupt'],
    ['SQLITE_NOTADB', 'not-a-store'],
    ['SQLITE_IOERR_WRITE', 'unwritable'],
    ['SQLITE_READONLY', 'unwritable'],
    ['SQLITE_READONLY_DBMOVED', 'unwritable'],
    ['SQLITE_IOERR_FSYNC', 'failed'],
  ])('toStoreError() translates an error of SQLite: %s is %s', (code, expected) => {
    const original = new BetterSqlite3.SqliteError(SECRET, code)
    expect(toStoreError(original)).toMatchObject({ code: expected, cause: original })
  })

  it.each([
    ['ENOSPC', 'full'],
    ['EDQUOT', 'full'],
    ['EROFS', 'unwritable'],
    ['ENOTDIR', 'not-a-store'],
    ['EACCES', 'failed'],
    ['ERR_INVALID_ARG_VALUE', 'invalid-argument'],
  ])('toStoreError() translates an error of the system: %s is %s', (code, expected) => {
    expect(toStoreError(systemError(code)).code).toBe(expected)
  })

  it.each([['a string'], [undefined], [new TypeError('x')]])(
    'toStoreError() translates any other thrown value to failed: %s',
    (thrown) => {
      expect(toStoreError(thrown)).toMatchObject({ code: 'failed', cause: thrown })
    },
  )
})

it('toStoreError() returns a StoreError unchanged', () => {
  const error = new StoreError('closed', 'the store is closed')
  expect(toStoreError(error)).toBe(error)
})

it.each(['SQLITE_FULL', 'SQLITE_ERROR', 'ENOSPC', 'EACCES'])(
  'toStoreError() repeats nothing of the original message: %s',
  (code) => {
    expect(toStoreError(systemError(code)).message).not.toMatch(/secret|gitmsg\.db|insert/)
  },
)
