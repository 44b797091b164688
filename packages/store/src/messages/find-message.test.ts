import { expect, it } from 'vitest'
import { newMessage, openTemporaryStore } from '../testing/index.js'

it('finds a message by its id and by its uid', async () => {
  await using store = await openTemporaryStore()
  const { message } = await store.createMessage(newMessage({ uid: 'u1' }))
  expect(await store.findMessage(1)).toEqual(message)
  expect(await store.findMessage('u1')).toEqual(message)
})

it('answers null where there is none', async () => {
  await using store = await openTemporaryStore()
  await store.createMessage(newMessage())
  for (const key of [0, 2, Number.MAX_SAFE_INTEGER, '1', '']) expect(await store.findMessage(key)).toBeNull()
})

it('finds those of many uids that are stored', async () => {
  await using store = await openTemporaryStore()
  await Promise.all(['a', 'b"\\', 'ü'].map((uid) => store.createMessage(newMessage({ uid }))))
  const found = await store.findMessages(['ü', 'none', 'b"\\', 'ü'])
  expect(found.map(({ uid }) => uid).sort()).toEqual(['b"\\', 'ü'])
  expect(await store.findMessages([])).toEqual([])
  expect(await store.findMessages(Array.from({ length: 10_000 }, (_, index) => `${index}`))).toEqual([])
})

it.each([1.5, Number.NaN, -1, 2 ** 53, 'x\ud800', null])('refuses %s as a key', async (key) => {
  await using store = await openTemporaryStore()
  await expect(store.findMessage(key as string)).rejects.toMatchObject({ code: 'invalid-argument' })
})

it('refuses more than 10,000 uids, and what is not a list of texts', async () => {
  await using store = await openTemporaryStore()
  for (const uids of [Array(10_001).fill('u'), [1], 'u1', null]) {
    await expect(store.findMessages(uids as string[])).rejects.toMatchObject({ code: 'invalid-argument' })
  }
})
