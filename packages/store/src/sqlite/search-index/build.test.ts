import { afterAll, beforeAll, expect, it } from 'vitest'
import { openStore } from '../../open-store.js'
import { edit, newMessage, remove } from '../../testing/messages.js'
import { buildStoreProgram } from '../../testing/processes/start-store-process.js'
import { openTemporaryStore, temporaryPath } from '../../testing/temporary-store.js'

let program: Awaited<ReturnType<typeof buildStoreProgram>>
beforeAll(async () => {
  program = await buildStoreProgram()
})
afterAll(() => program.remove())

it('buildSearchIndex() continues after its process was killed, whatever was written in between', async () => {
  const path = temporaryPath()
  const first = await openStore({ path })
  const contents = Array.from({ length: 6_000 }, (_, index) => `common word${index}`)
  await Promise.all(contents.map((content) => first.createMessage(newMessage({ content }))))
  await first.clearSearchIndex()
  await first.close()

  let interruptions = 0
  for (let kill = 1; kill <= 3; kill += 1) {
    const builder = program.start('index', path)
    await builder.printed(4)
    builder.child.kill('SIGKILL')
    await builder.exited()
    await using store = await openStore({ path })
    const search = store.searchMessages({ words: ['common'] })
    const error = await search.then(
      () => null,
      (reason) => reason,
    )
    if (error?.code === 'indexing' && error.progress > 0) interruptions += 1
    await edit(store, kill * 10, `edited${kill} common`)
    await edit(store, 6_000 - kill, `edited${kill} common`)
    await remove(store, kill * 1_500)
    await store.createMessage(newMessage({ content: `common late${kill}` }))
  }
  expect(interruptions).toBeGreaterThan(0)

  await using store = await openStore({ path })
  await store.buildSearchIndex()
  expect(await store.checkSearchIndex()).toBe('equal')
  const found = await store.searchMessages({ words: ['common', 'edited2'] })
  expect(found.messages.map(({ id }) => id)).toEqual([5_998, 20])
  expect((await store.searchMessages({ words: ['word19'] })).messages).toEqual([])
})

it('buildSearchIndex() indexes the longest messages one by one', async () => {
  await using store = await openTemporaryStore()
  const text = 'Ä wörd '.repeat(4_600)
  for (let index = 0; index < 5; index += 1) await store.createMessage(newMessage({ content: text }))
  await store.createMessage(newMessage({ content: '東'.repeat(32_768) }))
  await store.clearSearchIndex()
  const seen: number[] = []
  await store.buildSearchIndex({ onProgress: ({ indexed }) => seen.push(indexed) })
  expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6])
  expect(await store.checkSearchIndex()).toBe('equal')
})

it('a new database needs no indexing', async () => {
  await using store = await openTemporaryStore()
  const seen: object[] = []
  await store.buildSearchIndex({ onProgress: (progress) => seen.push(progress) })
  expect(seen).toEqual([{ indexed: 0, until: 0 }])
  expect(await store.checkSearchIndex()).toBe('equal')
})
