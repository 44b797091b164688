import { existsSync, readFileSync, truncateSync } from 'node:fs'
import BetterSqlite3 from 'better-sqlite3'
import { expect, it } from 'vitest'
import { openStore } from './index.js'
import { newMessage } from './testing/index.js'
import { temporaryPath } from './testing/temporary-store.js'

it('openStore() marks the file as "gmsg" at the offset of SQLite\'s application id', async () => {
  const path = temporaryPath()
  await (await openStore({ path })).close()
  expect(readFileSync(path).subarray(68, 72).toString()).toBe('gmsg')
})

it('openStore() finds the messages of an earlier store on the same file', async () => {
  const path = temporaryPath()
  const first = await openStore({ path })
  const { message } = await first.createMessage(newMessage({ content: 'kept' }))
  await first.close()

  await using second = await openStore({ path })
  expect(await second.findMessage(message.id)).toEqual(message)
})

it('openStore() rejects a misspelt option by its name and creates no file', async () => {
  const path = temporaryPath()
  await expect(openStore({ path, busyTimeOut: 5 } as never)).rejects.toMatchObject({
    code: 'invalid-argument',
    message: 'unknown option "busyTimeOut"',
  })
  expect(existsSync(path)).toBe(false)
})

it('openStore() rejects an invalid busyTimeout and creates no file', async () => {
  const path = temporaryPath()
  await expect(openStore({ path, busyTimeout: Number.NaN })).rejects.toMatchObject({
    code: 'invalid-argument',
  })
  expect(existsSync(path)).toBe(false)
})

it('openStore() stops waiting for another process when its signal aborts', async () => {
  const path = temporaryPath()
  const handle = new BetterSqlite3(path)
  handle.exec('begin exclusive')
  const controller = new AbortController()
  const opening = openStore({ path, busyTimeout: 60_000, signal: controller.signal })
  setTimeout(() => controller.abort(), 50)
  await expect(opening).rejects.toMatchObject({ name: 'StoreError', code: 'aborted' })
  handle.close()
})

it('openStore() or the first read rejects a truncated file as corrupt', async () => {
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

it('close() leaves no files beside the database', async () => {
  const path = temporaryPath()
  const store = await openStore({ path })
  await store.createMessage(newMessage())
  await store.close()
  expect([existsSync(`${path}-wal`), existsSync(`${path}-shm`)]).toEqual([false, false])
})
