import { readFileSync, writeFileSync } from 'node:fs'
import BetterSqlite3 from 'better-sqlite3'
import { expect, it } from 'vitest'
import { openStore } from '../index.js'
import { temporaryPath } from '../testing/temporary-store.js'

function writeForeignDatabase(path: string, journalMode: string): void {
  const handle = new BetterSqlite3(path)
  handle.pragma(`journal_mode = ${journalMode}`)
  handle.exec("create table recipes (title text); insert into recipes values ('soup')")
  handle.close()
}

function markAsForeign(path: string): void {
  const handle = new BetterSqlite3(path)
  handle.pragma('application_id = 1234')
  handle.close()
}

// Covers IN-74
it.each([
  ['text', (path: string) => writeFileSync(path, 'dear diary')],
  ['a long text', (path: string) => writeFileSync(path, 'dear diary '.repeat(1_000))],
  ['one byte', (path: string) => writeFileSync(path, '\0')],
  ['a database of another program', (path: string) => writeForeignDatabase(path, 'delete')],
  ['a database of another program in WAL mode', (path: string) => writeForeignDatabase(path, 'wal')],
  ['an empty database marked by another program', markAsForeign],
])('openStore() rejects a file that is not a store, and does not change it: %s', async (_, write) => {
  const path = temporaryPath()
  write(path)
  const before = readFileSync(path)

  await expect(openStore({ path })).rejects.toMatchObject({ name: 'StoreError', code: 'not-a-store' })
  expect(readFileSync(path).equals(before)).toBe(true)
})

it('openStore() rejects a database of a newer version, and does not change it', async () => {
  const path = temporaryPath()
  await (await openStore({ path })).close()
  const handle = new BetterSqlite3(path)
  handle.exec("insert into schema_version values ('9999_future', '2099-01-01T00:00:00.000Z')")
  handle.close()
  const before = readFileSync(path)

  await expect(openStore({ path })).rejects.toMatchObject({ code: 'newer-schema' })
  expect(readFileSync(path).equals(before)).toBe(true)
})

it('openStore() rolls back what a crash left half-written in a new file', async () => {
  const path = temporaryPath()
  const handle = new BetterSqlite3(path)
  handle.pragma('cache_size = 1')
  handle.exec('begin; create table half (done blob); insert into half values (zeroblob(100000))')
  const halfWritten = { database: readFileSync(path), journal: readFileSync(`${path}-journal`) }
  handle.exec('rollback')
  handle.close()
  writeFileSync(path, halfWritten.database)
  writeFileSync(`${path}-journal`, halfWritten.journal)

  await using store = await openStore({ path })
  expect(await store.listMessages()).toEqual([])
})
