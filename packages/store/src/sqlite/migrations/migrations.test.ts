import BetterSqlite3 from 'better-sqlite3'
import { Kysely, type Migration, sql } from 'kysely'
import { expect, it, onTestFinished, vi } from 'vitest'
import { migrate } from '../../database/migrate.js'
import { openStore } from '../../index.js'
import { newMessage } from '../../testing/index.js'
import { temporaryPath } from '../../testing/temporary-store.js'
import { createImmediateDialect } from '../immediate-dialect.js'
import { APPLICATION_ID } from '../inspect-file.js'
import { MIGRATIONS } from './migrations.js'

function openFile() {
  const path = temporaryPath()
  const handle = new BetterSqlite3(path)
  onTestFinished(() => void handle.close())
  handle.pragma(`application_id = ${APPLICATION_ID}`)
  const tables = () => handle.prepare('select name from sqlite_schema where type = ?').pluck().all('table')
  return { path, handle, queries: new Kysely<unknown>({ dialect: createImmediateDialect(handle) }), tables }
}

const names = Object.keys(MIGRATIONS)

it.each(Array.from({ length: names.length + 1 }, (_, applied) => applied))(
  'openStore() migrates a file from this number of migrations to the latest: %i',
  async (applied) => {
    const { path, handle, queries } = openFile()
    await migrate(queries, Object.fromEntries(Object.entries(MIGRATIONS).slice(0, applied)))
    handle.close()

    const onMigrate = vi.fn()
    await using store = await openStore({ path, onMigrate })
    expect(onMigrate).toHaveBeenCalledTimes(applied < names.length ? 1 : 0)
    const { message } = await store.createMessage(newMessage())
    expect(await store.findMessage(message.uid)).toEqual(message)

    const reader = new BetterSqlite3(path, { readonly: true })
    expect(reader.prepare('select name from schema_version order by name').pluck().all()).toEqual(names)
    reader.close()
  },
)

it('migrate() leaves nothing behind if one of the migrations fails halfway', async () => {
  const { queries, tables } = openFile()
  const failing: Migration = {
    async up(transaction) {
      await sql`create table half (done integer)`.execute(transaction)
      throw new Error('no further')
    },
  }

  await expect(migrate(queries, { ...MIGRATIONS, '9999_failing': failing })).rejects.toThrow('no further')
  expect(tables()).not.toContain('half')
  expect(tables()).not.toContain('messages')

  await migrate(queries, MIGRATIONS)
  expect(tables()).toContain('messages')
})

it('the migrations create strict tables only, apart from those of the migrator', async () => {
  const { handle, queries } = openFile()
  await migrate(queries, MIGRATIONS)
  const loose = handle
    .prepare(
      "select name from pragma_table_list where schema = 'main' and type = 'table' and not strict and name not like 'sqlite_%'",
    )
    .pluck()
    .all()
  expect(loose).toEqual(['schema_version', 'schema_version_lock'])
})
