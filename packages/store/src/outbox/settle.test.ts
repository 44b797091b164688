import { expect, it } from 'vitest'
import { openTemporaryStore } from '../testing/index.js'
import { CURSOR, createAll, recordedVersion } from '../testing/messages.js'

it('settle() marks and imports thousands of messages at once', async () => {
  await using store = await openTemporaryStore()
  const uids = Array.from({ length: 3_000 }, (_, index) => `u${index}`)
  await createAll(store, ...uids)
  await store.settle({
    published: uids.map((uid) => ({ uid, version: 1, git_hash: `hash of ${uid}` })),
    recorded: uids.map((uid) => recordedVersion(`imported ${uid}`)),
    cursor: CURSOR,
  })
  expect(await store.summary()).toMatchObject({ pending: 0, oldest_pending_at: null })
  expect(await store.findMessage('u2999')).toMatchObject({ git_hash: 'hash of u2999', is_synchronized: true })
  expect(await store.listMessages({ limit: 1 })).toMatchObject([{ id: 6_000, uid: 'imported u2999' }])
})
