import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import BetterSqlite3 from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { openStore, type Store } from '../index.js'
import { newMessage } from '../testing/index.js'
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

const PAGE_BYTES = 4096

async function fill(store: Store, count: number): Promise<void> {
  const messages = Array.from({ length: count }, () => newMessage({ content: 'x'.repeat(500) }))
  await Promise.all(messages.map((message) => store.createMessage(message)))
}

/** Overwrites the first leaf of the index on timestamps: posting writes to the last one. */
function damageOldTimestamps(path: string): void {
  const reader = new BetterSqlite3(path)
  reader.pragma('wal_checkpoint(truncate)')
  const leaf = "select pageno from dbstat where name = 'messages_by_timestamp' and path = '/000/'"
  const page = reader.prepare(leaf).pluck().get() as number
  reader.close()
  const bytes = readFileSync(path)
  writeFileSync(path, bytes.fill(0xee, (page - 1) * PAGE_BYTES, page * PAGE_BYTES))
}

it('openStore() rejects a backup that was put beside the write-ahead log of the database it replaced', async () => {
  const [path, backup, restored] = [temporaryPath(), temporaryPath('backup.db'), temporaryPath('restored.db')]
  const first = await openStore({ path })
  await fill(first, 50)
  await first.close()
  copyFileSync(path, backup)
  const second = await openStore({ path })
  await fill(second, 400)
  await second.close()
  const third = await openStore({ path })
  onTestFinished(() => third.close())
  await fill(third, 5)
  copyFileSync(`${path}-wal`, `${restored}-wal`)
  copyFileSync(backup, restored)

  await expect(openStore({ path: restored })).rejects.toMatchObject({ name: 'StoreError', code: 'corrupt' })
  await (await openStore({ path: backup })).close()
})

it('openStore() checks the whole file only if it has a write-ahead log, and otherwise finds damage when it reads it', async () => {
  const path = temporaryPath()
  const store = await openStore({ path })
  await fill(store, 300)
  await store.close()
  damageOldTimestamps(path)
  const damaged = await openStore({ path })
  expect((await damaged.findMessage(1))?.id).toBe(1)
  const listing = damaged.listMessages({ until: new Date().toISOString() })
  await expect(listing).rejects.toMatchObject({ code: 'corrupt' })

  await expect(openStore({ path })).resolves.toBeDefined()
  await damaged.close()
})

it('after a query has found damage, every write fails with corrupt, and isWritable() is false', async () => {
  const path = temporaryPath()
  await using store = await openStore({ path })
  await fill(store, 300)
  damageOldTimestamps(path)
  await store.createMessage(newMessage())
  await store.assertWritable()

  const corrupt = { name: 'StoreError', code: 'corrupt' }
  await expect(store.listMessages({ until: new Date().toISOString() })).rejects.toMatchObject(corrupt)
  await expect(store.createMessage(newMessage())).rejects.toMatchObject(corrupt)
  await expect(store.quarantine('unknown', 'no')).rejects.toMatchObject(corrupt)
  await expect(store.assertWritable()).rejects.toMatchObject(corrupt)
  expect(await store.isWritable()).toBe(false)
  expect((await store.findMessage(1))?.id).toBe(1)
})
