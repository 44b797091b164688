import { newMessage, openTemporaryStore } from '@gitmsg/store/testing'
import { expect, it } from 'vitest'
import { listQuarantined } from './list-quarantined.js'

it('reads a page in parts as it would read it at once', async () => {
  await using store = await openTemporaryStore()
  for (let number = 1; number <= 60; number += 1) {
    await store.createMessage(newMessage({ uid: `u${number}` }))
    await store.quarantine(`u${number}`, `reason ${number}`)
  }
  for (const page of [
    {},
    { limit: 9 },
    { limit: 10 },
    { limit: 25 },
    { limit: 1000 },
    { before: 33, limit: 21 },
  ])
    expect(await listQuarantined(store, page)).toEqual(await store.quarantinedChanges(page))
})
