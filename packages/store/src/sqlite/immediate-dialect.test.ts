import BetterSqlite3 from 'better-sqlite3'
import { CompiledQuery, Kysely, sql } from 'kysely'
import { expect, it, onTestFinished, vi } from 'vitest'
import { toStoreError } from '../store-error.js'
import { temporaryPath } from '../testing/temporary-store.js'
import { createImmediateDialect } from './immediate-dialect.js'

function connect() {
  const handle = new BetterSqlite3(temporaryPath('notes.db'), { timeout: 0 })
  onTestFinished(() => void handle.close())
  handle.exec('create table note (text text)')
  return {
    handle,
    queries: new Kysely<{ note: { text: string } }>({ dialect: createImmediateDialect(handle) }),
  }
}

it('a transaction takes the write lock when it begins, not when it first writes', async () => {
  const { handle, queries } = connect()
  const other = new BetterSqlite3(handle.name, { timeout: 0 })

  await queries.transaction().execute(async () => {
    expect(() => other.exec("insert into note values ('other')")).toThrow('locked')
  })
  other.exec("insert into note values ('other')")
  other.close()
})

it('a transaction that fills the disk rejects with full, although SQLite itself has rolled it back', async () => {
  const { handle, queries } = connect()
  handle.pragma('max_page_count = 4')
  const overfill = queries.transaction().execute(async (transaction) => {
    await sql`insert into note values (zeroblob(1000000))`.execute(transaction)
  })

  expect(toStoreError(await overfill.catch((error) => error)).code).toBe('full')
  await queries.insertInto('note').values({ text: 'small' }).execute()
  expect(await queries.selectFrom('note').selectAll().execute()).toEqual([{ text: 'small' }])
})

it('a repeated statement is compiled once, unless it is long', async () => {
  const { handle, queries } = connect()
  const compile = vi.spyOn(handle, 'prepare')
  const short = 'select text from note'
  const long = `${short} where text = '${'x'.repeat(2_000)}'`
  for (const text of [short, short, long, long]) await queries.executeQuery(CompiledQuery.raw(text))
  expect(compile.mock.calls.map(([text]) => text)).toEqual([short, long, long])
})
