import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTemporaryStore } from './testing/index.js'
import { createAll, settleAll } from './testing/messages.js'
import { buildStoreProgram } from './testing/processes/start-store-process.js'
import { temporaryPath } from './testing/temporary-store.js'

let program: Awaited<ReturnType<typeof buildStoreProgram>>
beforeAll(async () => {
  program = await buildStoreProgram()
})
afterAll(() => program.remove())

it('a store has every acknowledged message, and its change, after its writer is killed five times', async () => {
  await using store = await openTemporaryStore()
  const acknowledged: string[] = []

  for (let kill = 0; kill < 5; kill += 1) {
    const writer = program.start('write', store.path)
    await writer.printed(20)
    await sleep(Math.random() * 100)
    writer.child.kill('SIGKILL')
    await writer.exited()
    expect(writer.lines.length).toBeGreaterThanOrEqual(20)
    acknowledged.push(...writer.lines)

    const found: string[] = []
    for (let start = 0; start < acknowledged.length; start += 10_000) {
      const messages = await store.findMessages(acknowledged.slice(start, start + 10_000))
      found.push(...messages.map(({ uid }) => uid))
    }
    expect(found.sort()).toEqual([...acknowledged].sort())
    expect((await store.summary()).pending).toBe((await store.listMessages({ limit: 1 }))[0]?.id)
  }
})

it('posts of another process succeed while this one resets its synchronization', async () => {
  await using store = await openTemporaryStore()
  const uids = Array.from({ length: 3_000 }, (_, index) => `u${index}`)
  await createAll(store, ...uids)
  await settleAll(store, ...uids)
  const writer = program.start('write', store.path)
  await writer.printed(20)

  let printedWhile = writer.lines.length
  const pending = []
  for (let reset = 0; reset < 3 || writer.lines.length === printedWhile; reset += 1) {
    printedWhile = writer.lines.length
    pending.push(await store.resetSynchronization())
    await settleAll(store, ...uids)
  }
  expect(pending.every((count) => count >= 3_000)).toBe(true)
  expect(writer.child.exitCode).toBeNull()
  writer.child.kill('SIGKILL')
  await writer.exited()
  expect(await store.findMessages(writer.lines.slice(0, 10_000))).toHaveLength(
    Math.min(writer.lines.length, 10_000),
  )
})

it('openStore() succeeds in several processes that create the same file at once', async () => {
  await using other = await openTemporaryStore()
  const path = `${other.path}-new`
  const openers = Array.from({ length: 4 }, () => program.start('open', path))

  expect(await Promise.all(openers.map((opener) => opener.exited()))).toEqual([0, 0, 0, 0])
})

it('the sync lock is released when its holder is killed', async () => {
  await using store = await openTemporaryStore()
  const holder = program.start('lock', store.path)
  await holder.printed(1)
  expect(holder.lines).toEqual(['locked'])
  expect(await store.acquireSyncLock()).toBeNull()

  holder.child.kill('SIGKILL')
  await holder.exited()
  expect(await store.acquireSyncLock()).not.toBeNull()
})

// Covers IN-57
it('assertWritable() rejects, and isWritable() is false, once the disk takes no more bytes', async () => {
  const prober = program.startWithoutSpace('probe', temporaryPath())
  expect(await prober.exited()).toBe(0)
  expect(prober.lines).toEqual(['true', 'unwritable', 'unwritable', 'false'])
})
