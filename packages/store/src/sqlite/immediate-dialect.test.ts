import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { Kysely, sql } from 'kysely'
import { expect, it, onTestFinished } from 'vitest'
import { createTemporaryFolder } from '../testing/temporary-folder.js'
import { createImmediateDialect } from './immediate-dialect.js'
import { toStoreError } from './translate-error.js'

function connect() {
  const folder = createTemporaryFolder()
  const handle = new BetterSqlite3(join(folder.path, 'notes.db'), { timeout: 0 })
  onTestFinished(() => {
    handle.close()
    folder[Symbol.dispose]()
  })
  handle.exec('create table note (text text)')
  return {
    handle,
    queries: new Kysely<{ note: { text: string } }>({ dialect: createImmediateDialect(handle) }),
  }
}

it('takes the write lock when a transaction begins, not when it first writes', async () => {
  const { handle, queries } = connect()
  const other = new BetterSqlite3(handle.name, { timeout: 0 })

  await queries.transaction().execute(async () => {
    expect(() => other.exec("insert into note values ('mine')")).toThrow('locked')
  })
  other.exec("insert into note values ('mine')")
  other.close()
})

it('says that the disk is full, also where SQLite has rolled back by itself', async () => {
  const { handle, queries } = connect()
  handle.pragma('max_page_count = 4')
  const overfill = queries.transaction().execute(async (transaction) => {
    await sql`insert into note values (zeroblob(1000000))`.execute(transaction)
  })

  expect(toStoreError(await overfill.catch((error) => error)).code).toBe('full')
  await queries.insertInto('note').values({ text: 'small' }).execute()
  expect(await queries.selectFrom('note').selectAll().execute()).toEqual([{ text: 'small' }])
})
