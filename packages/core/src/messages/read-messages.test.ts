import type { MessageQuery } from '@gitmsg/store'
import { newMessage, openTemporaryStore } from '@gitmsg/store/testing'
import { expect, it } from 'vitest'
import { listMessages } from './read-messages.js'

it('reads a page in parts as it would read it at once, in both directions and with filters', async () => {
  const store = await openTemporaryStore()
  const time = '2025-01-09T00:06:41.000Z'
  for (let number = 1; number <= 120; number += 1) {
    const uid = `u${number}`
    const times = { timestamp: time, created_at: time, updated_at: time }
    await store.createMessage({ uid, content: 'x', sender: `s${number % 2}`, path: () => uid, ...times })
  }
  const queries = [
    {},
    { limit: 25 },
    { limit: 26 },
    { limit: 100 },
    { limit: 1000 },
    { before: 60, limit: 30 },
  ]
  const forward = [
    { after: 10, limit: 60 },
    { after: 100 },
    { after: 200 },
    { after: 10, before: 90, limit: 70 },
  ]
  for (const query of [...queries, ...forward, { sender: 's1', limit: 55 }]) {
    const { messages } = await listMessages(store, query)
    expect(messages).toEqual(await store.listMessages(query))
  }
  await store.close()
})

it('says how to go on, until there is nothing more', async () => {
  await using store = await openTemporaryStore()
  for (let number = 1; number <= 5; number += 1) await store.createMessage(newMessage())
  const ids = async (query: MessageQuery) => {
    const { messages, next } = await listMessages(store, query)
    return [messages.map(({ id }) => id), next]
  }
  expect(await ids({ limit: 2 })).toEqual([[5, 4], { limit: 2, before: 4 }])
  expect(await ids({ limit: 2, before: 4 })).toEqual([[3, 2], { limit: 2, before: 2 }])
  expect(await ids({ limit: 2, before: 3 })).toEqual([[2, 1], null])
  expect(await ids({ limit: 2, after: 0 })).toEqual([[2, 1], { limit: 2, after: 2 }])
  expect(await ids({ limit: 2, after: 3 })).toEqual([[5, 4], null])
})
