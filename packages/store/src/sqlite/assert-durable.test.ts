import BetterSqlite3 from 'better-sqlite3'
import { Kysely } from 'kysely'
import { expect, it, onTestFinished } from 'vitest'
import { assertDurable } from './assert-durable.js'
import { createImmediateDialect } from './immediate-dialect.js'

function connect(synchronous: string): Kysely<unknown> {
  const handle = new BetterSqlite3(':memory:')
  onTestFinished(() => void handle.close())
  handle.pragma(`synchronous = ${synchronous}`)
  return new Kysely<unknown>({ dialect: createImmediateDialect(handle) })
}

it('trusts a connection whose commits wait for the disk', async () => {
  await expect(assertDurable(connect('FULL'))).resolves.toBeUndefined()
})

it.each(['OFF', 'NORMAL'])('refuses a connection at synchronous=%s', async (synchronous) => {
  await expect(assertDurable(connect(synchronous))).rejects.toMatchObject({ code: 'unsafe-sqlite' })
})
