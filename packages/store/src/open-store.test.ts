import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openStore } from './index.js'
import { newMessage } from './testing/index.js'
import { createTemporaryFolder } from './testing/temporary-folder.js'

function temporaryPath(name = 'gitmsg.db'): string {
  const folder = createTemporaryFolder()
  onTestFinished(() => folder[Symbol.dispose]())
  return join(folder.path, name)
}

const permissions = (path: string) => statSync(path).mode & 0o777

describe('a new file', () => {
  // Covers V14.2.4
  it('is made with its folders, for its owner only', async () => {
    const path = temporaryPath('data/of/ada/gitmsg.db')
    await using store = await openStore({ path })
    await store.createMessage(newMessage())

    expect(permissions(path)).toBe(0o600)
    expect(permissions(join(path, '..'))).toBe(0o700)
    expect(permissions(`${path}-wal`)).toBe(0o600)
  })

  it('may have been made by somebody else, as long as it is empty', async () => {
    const path = temporaryPath()
    writeFileSync(path, '')
    await using store = await openStore({ path })
    expect(await store.listMessages()).toEqual([])
  })

  it('says "gmsg" at the place where SQLite files say whose they are', async () => {
    const path = temporaryPath()
    await (await openStore({ path })).close()
    expect(readFileSync(path).subarray(68, 72).toString()).toBe('gmsg')
  })

  it('still has its messages when it is opened again', async () => {
    const path = temporaryPath()
    const first = await openStore({ path })
    const { message } = await first.createMessage(newMessage({ content: 'kept' }))
    await first.close()

    await using second = await openStore({ path })
    expect(await second.findMessage(message.id)).toEqual(message)
  })
})

it('refuses a patience that is none', async () => {
  const path = temporaryPath()
  await expect(openStore({ path, busyTimeout: Number.NaN })).rejects.toMatchObject({
    code: 'invalid-argument',
  })
  expect(existsSync(path)).toBe(false)
})

it('stops waiting for another process when its signal aborts', async () => {
  const path = temporaryPath()
  const handle = new BetterSqlite3(path)
  handle.exec('begin exclusive')
  const controller = new AbortController()
  const opening = openStore({ path, busyTimeout: 60_000, signal: controller.signal })
  setTimeout(() => controller.abort(), 50)
  await expect(opening).rejects.toMatchObject({ name: 'StoreError', code: 'aborted' })
  handle.close()
})

describe('a file that is not a store', () => {
  const writeForeignDatabase = (path: string, journalMode: string) => {
    const handle = new BetterSqlite3(path)
    handle.pragma(`journal_mode = ${journalMode}`)
    handle.exec("create table recipes (title text); insert into recipes values ('soup')")
    handle.close()
  }

  // Covers IN-74
  it.each([
    ['text', (path: string) => writeFileSync(path, 'dear diary')],
    ['a long text', (path: string) => writeFileSync(path, 'dear diary '.repeat(1_000))],
    ['one byte', (path: string) => writeFileSync(path, '\0')],
    ['a database of another program', (path: string) => writeForeignDatabase(path, 'delete')],
    ['a database of another program in WAL mode', (path: string) => writeForeignDatabase(path, 'wal')],
    [
      'an empty database marked by another program',
      (path: string) => {
        const handle = new BetterSqlite3(path)
        handle.pragma('application_id = 1234')
        handle.close()
      },
    ],
  ])('is refused and left as it was: %s', async (_, write) => {
    const path = temporaryPath()
    write(path)
    const before = readFileSync(path)

    await expect(openStore({ path })).rejects.toMatchObject({ name: 'StoreError', code: 'not-a-store' })
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  // Covers IN-74
  it('is refused: a folder', async () => {
    const path = temporaryPath()
    mkdirSync(path)
    await expect(openStore({ path })).rejects.toMatchObject({ code: 'not-a-store' })
  })

  // Covers IN-74
  it('is refused: a path below a file', async () => {
    const path = temporaryPath()
    writeFileSync(path, '')
    await expect(openStore({ path: join(path, 'gitmsg.db') })).rejects.toMatchObject({ code: 'not-a-store' })
  })

  it.each(['', ' ', ':memory:', 'gitmsg.db ', 'a\0b', undefined])(
    'is refused as an argument: %j',
    async (path) => {
      await expect(openStore({ path: path as string })).rejects.toMatchObject({ code: 'invalid-argument' })
    },
  )
})

it('refuses a database of a newer version and leaves it as it was', async () => {
  const path = temporaryPath()
  await (await openStore({ path })).close()
  const handle = new BetterSqlite3(path)
  handle.exec("insert into schema_version values ('9999_future', '2099-01-01T00:00:00.000Z')")
  handle.close()
  const before = readFileSync(path)

  await expect(openStore({ path })).rejects.toMatchObject({ code: 'newer-schema' })
  expect(readFileSync(path).equals(before)).toBe(true)
})

it('says that a truncated file is corrupt', async () => {
  const path = temporaryPath()
  const store = await openStore({ path })
  for (let count = 0; count < 20; count += 1)
    await store.createMessage(newMessage({ content: 'x'.repeat(10_000) }))
  await store.close()
  truncateSync(path, 8 * 4096)

  const reading = openStore({ path }).then((damaged) =>
    damaged.listMessages({ limit: 1000 }).finally(damaged.close),
  )
  await expect(reading).rejects.toMatchObject({ code: 'corrupt' })
})

it('finishes what a crash in the first moment left half-done', async () => {
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

describe('a symbolic link', () => {
  // Covers IN-74
  it.each([
    ['a database', (target: string) => openStore({ path: target }).then((store) => store.close())],
    ['an empty file', (target: string) => writeFileSync(target, '')],
    ['a folder', (target: string) => mkdirSync(target)],
    ['nothing', () => {}],
  ])('in the place of the database is refused and not followed: to %s', async (_, make) => {
    const target = temporaryPath('target')
    await make(target)
    const path = join(target, '..', 'gitmsg.db')
    symlinkSync(target, path)
    const before = readdirSync(join(target, '..'))

    await expect(openStore({ path })).rejects.toMatchObject({
      code: 'not-a-store',
      message: 'the database, or a file beside it, is a symbolic link',
    })
    expect(readdirSync(join(target, '..'))).toEqual(before)
  })

  it.each(['-wal', '-shm', '-journal'])('in the place of a file beside it is refused: %s', async (suffix) => {
    const path = temporaryPath()
    symlinkSync(`${path}-target`, path + suffix)
    await expect(openStore({ path })).rejects.toMatchObject({ code: 'not-a-store' })
    expect(readdirSync(join(path, '..'))).toEqual([`gitmsg.db${suffix}`])
  })

  it('in the place of the sync lock is refused', async () => {
    const path = temporaryPath()
    await using store = await openStore({ path })
    symlinkSync(`${path}-target`, `${path}-sync-lock`)
    expect(() => store.acquireSyncLock()).toThrow('symbolic link')
    expect(existsSync(`${path}-target`)).toBe(false)
  })

  // Covers IN-74
  it('to its folder leads to the same store, also when it leads elsewhere later', async () => {
    const path = temporaryPath('data/gitmsg.db')
    await using store = await openStore({ path })
    const link = join(path, '../../link')
    symlinkSync(join(path, '..'), link)
    await using linked = await openStore({ path: join(link, 'gitmsg.db') })
    rmSync(link)
    symlinkSync(join(path, '../..'), link)

    expect(store.acquireSyncLock()).not.toBeNull()
    expect(linked.acquireSyncLock()).toBeNull()
  })
})

it('leaves no files beside the database when it is closed', async () => {
  const path = temporaryPath()
  const store = await openStore({ path })
  await store.createMessage(newMessage())
  await store.close()
  expect([existsSync(`${path}-wal`), existsSync(`${path}-shm`)]).toEqual([false, false])
})
