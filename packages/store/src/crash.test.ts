import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTemporaryStore } from './testing/index.js'
import { buildStoreProgram } from './testing/processes/start-store-process.js'

let program: Awaited<ReturnType<typeof buildStoreProgram>>
beforeAll(async () => {
  program = await buildStoreProgram()
})
afterAll(() => program.remove())

it('has every acknowledged message, and its change, after each of five kills of the writer', async () => {
  await using store = await openTemporaryStore()
  const acknowledged: string[] = []

  for (let kill = 0; kill < 5; kill += 1) {
    const writer = program.start('write', store.path)
    await writer.said(20)
    await sleep(Math.random() * 100)
    writer.child.kill('SIGKILL')
    await writer.ended()
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

it('lets several processes open a new file at the same moment', async () => {
  await using other = await openTemporaryStore()
  const path = `${other.path}-new`
  const openers = Array.from({ length: 4 }, () => program.start('open', path))

  expect(await Promise.all(openers.map((opener) => opener.ended()))).toEqual([0, 0, 0, 0])
})

it('frees the right to synchronize when its holder is killed', async () => {
  await using store = await openTemporaryStore()
  const holder = program.start('lock', store.path)
  await holder.said(1)
  expect(holder.lines).toEqual(['locked'])
  expect(store.acquireSyncLock()).toBeNull()

  holder.child.kill('SIGKILL')
  await holder.ended()
  expect(store.acquireSyncLock()).not.toBeNull()
})
