import { openTemporaryStore } from '@gitmsg/store/testing'
import { expect, it } from 'vitest'
import { listMessages } from './list-messages.js'

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
    expect(await listMessages(store, query)).toEqual(await store.listMessages(query))
  }
  await store.close()
})
