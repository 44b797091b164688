import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { Kysely, type Migration, sql } from 'kysely'
import { expect, it, onTestFinished } from 'vitest'
import { openStore } from '../index.js'
import { createImmediateDialect } from '../sqlite/immediate-dialect.js'
import { applicationId } from '../sqlite/inspect-file.js'
import { newMessage } from '../testing/index.js'
import { createTemporaryFolder } from '../testing/temporary-folder.js'
import { migrate } from './migrate.js'
import { migrations } from './migrations.js'

function openFile() {
  const folder = createTemporaryFolder()
  const path = join(folder.path, 'gitmsg.db')
  const handle = new BetterSqlite3(path)
  onTestFinished(() => {
    handle.close()
    folder[Symbol.dispose]()
  })
  handle.pragma(`application_id = ${applicationId}`)
  const tables = () => handle.prepare('select name from sqlite_schema where type = ?').pluck().all('table')
  return { path, handle, queries: new Kysely<unknown>({ dialect: createImmediateDialect(handle) }), tables }
}

const names = Object.keys(migrations)

it.each(Array.from({ length: names.length + 1 }, (_, applied) => applied))(
  'brings a file with the first %i migrations up to date',
  async (applied) => {
    const { path, handle, queries } = openFile()
    await migrate(queries, Object.fromEntries(Object.entries(migrations).slice(0, applied)))
    handle.close()

    await using store = await openStore({ path })
    const { message } = await store.createMessage(newMessage())
    expect(await store.findMessage(message.uid)).toEqual(message)

    const reader = new BetterSqlite3(path, { readonly: true })
    expect(reader.prepare('select name from schema_version order by name').pluck().all()).toEqual(names)
    reader.close()
  },
)

it('leaves nothing of the migrations when one of them fails half-way', async () => {
  const { queries, tables } = openFile()
  const failing: Migration = {
    async up(transaction) {
      await sql`create table half (done integer)`.execute(transaction)
      throw new Error('no further')
    },
  }

  await expect(migrate(queries, { ...migrations, '9999_failing': failing })).rejects.toThrow('no further')
  expect(tables()).not.toContain('half')
  expect(tables()).not.toContain('messages')

  await migrate(queries, migrations)
  expect(tables()).toContain('messages')
})

it('has strict tables, except those that the migrator makes', async () => {
  const { handle, queries } = openFile()
  await migrate(queries, migrations)
  const loose = handle
    .prepare(
      "select name from pragma_table_list where schema = 'main' and not strict and name not like 'sqlite_%'",
    )
    .pluck()
    .all()
  expect(loose).toEqual(['schema_version', 'schema_version_lock'])
})
