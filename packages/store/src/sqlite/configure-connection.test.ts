import BetterSqlite3 from 'better-sqlite3'
import { Kysely } from 'kysely'
import { expect, it, onTestFinished } from 'vitest'
import { temporaryPath } from '../testing/temporary-store.js'
import {
  assertDurable,
  assertSafeSqlite,
  configureConnection,
  isSafeSqliteVersion,
} from './configure-connection.js'
import { createImmediateDialect } from './immediate-dialect.js'
import { APPLICATION_ID } from './inspect-file.js'

function connect(path = ':memory:'): BetterSqlite3.Database {
  const handle = new BetterSqlite3(path)
  onTestFinished(() => void handle.close())
  return handle
}

it.each(['3.51.3', '3.51.10', '3.53.2', '3.100.0', '4.0.0'])(
  'isSafeSqliteVersion() accepts %s',
  (version) => {
    expect(isSafeSqliteVersion(version)).toBe(true)
  },
)

it.each(['3.51.2', '3.50.7', '3.9.9', '2.99.99', '', 'newest'])(
  'isSafeSqliteVersion() rejects an old or unknown version: "%s"',
  (version) => {
    expect(isSafeSqliteVersion(version)).toBe(false)
  },
)

it('assertSafeSqlite() accepts the SQLite that comes with better-sqlite3', () => {
  expect(assertSafeSqlite).not.toThrow()
})

it('configureConnection() turns on WAL, full synchronization and foreign keys, and marks an empty file', () => {
  const handle = connect(temporaryPath())
  configureConnection(handle, 'empty')
  const names = ['journal_mode', 'synchronous', 'foreign_keys', 'application_id']
  const values = names.map((name) => handle.pragma(name, { simple: true }))
  expect(values).toEqual(['wal', 2, 1, APPLICATION_ID])
})

it('configureConnection() rejects a database that cannot be in WAL mode', () => {
  expect(() => configureConnection(connect(), 'empty')).toThrow(
    expect.objectContaining({ name: 'StoreError', code: 'unsafe' }),
  )
})

function connectAt(synchronous: string): Kysely<unknown> {
  const handle = connect()
  handle.pragma(`synchronous = ${synchronous}`)
  return new Kysely<unknown>({ dialect: createImmediateDialect(handle) })
}

it('assertDurable() accepts a connection whose commits wait for the disk', async () => {
  await expect(assertDurable(connectAt('FULL'))).resolves.toBeUndefined()
})

it.each(['OFF', 'NORMAL'])('assertDurable() rejects a connection at synchronous=%s', async (synchronous) => {
  await expect(assertDurable(connectAt(synchronous))).rejects.toMatchObject({ code: 'unsafe' })
})
