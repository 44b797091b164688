import BetterSqlite3 from 'better-sqlite3'
import { expect, it } from 'vitest'
import { openStore } from '../index.js'
import { newMessage, openTemporaryStore } from '../testing/index.js'

/** Holds the write lock, as another process would. */
function holdWriteLock(path: string) {
  const handle = new BetterSqlite3(path)
  handle.exec('begin immediate')
  return { [Symbol.dispose]: () => handle.close() }
}

it('two stores write to one file at once without assigning an id twice', async () => {
  await using one = await openTemporaryStore()
  await using other = await openStore({ path: one.path })
  const created = await Promise.all(
    Array.from({ length: 400 }, async (_, index) => {
      await new Promise((resolve) => setTimeout(resolve, index % 20))
      return (index % 2 ? one : other).createMessage(newMessage())
    }),
  )
  const ids = created.map(({ message }) => message.id).sort((left, right) => left - right)
  expect(ids).toEqual(Array.from({ length: 400 }, (_, index) => index + 1))
})

it('a write waits for a lock held elsewhere without blocking reads or the event loop', async () => {
  await using store = await openTemporaryStore()
  const lock = holdWriteLock(store.path)
  const created = store.createMessage(newMessage())
  const { eventLoopUtilization } = performance
  const before = eventLoopUtilization()
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(await store.listMessages()).toEqual([])
  expect(eventLoopUtilization(before).idle).toBeGreaterThan(50)

  lock[Symbol.dispose]()
  expect((await created).message.id).toBe(1)
})

// Covers IN-57
it('a write rejects with busy, and isWritable() is false, if a lock is held longer than busyTimeout', async () => {
  await using store = await openTemporaryStore({ busyTimeout: 50 })
  using _ = holdWriteLock(store.path)
  await expect(store.createMessage(newMessage())).rejects.toMatchObject({ code: 'busy' })
  expect(await store.isWritable()).toBe(false)
})
