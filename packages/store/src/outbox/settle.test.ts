import { expect, it } from 'vitest'
import type { ImportedMessage } from '../index.js'
import { newMessage, openTemporaryStore } from '../testing/index.js'

const cursor = { commit: 'c9', format: 1 }
const now = Date.UTC(2025, 0, 9)

const imported = (uid: string, preferred_id?: number): ImportedMessage => {
  const { path, idempotency, ...fields } = newMessage({ uid, sender: 'eve' })
  return {
    ...fields,
    path: `messages/${uid}`,
    file_id: 7,
    git_hash: 'c8',
    ...(preferred_id === undefined ? {} : { preferred_id }),
  }
}

async function openStoreWith(...uids: string[]) {
  const store = await openTemporaryStore({ clock: () => now })
  await Promise.all(
    uids.map((uid) => store.createMessage(newMessage({ uid, updated_at: '2024-01-01T00:00:00.000Z' }))),
  )
  const idOf = async (uid: string) => (await store.findMessage(uid))?.id
  return { store, idOf }
}

it('begins with no cursor and no time of synchronization', async () => {
  const { store } = await openStoreWith()
  await using _ = store
  expect(await store.cursor()).toEqual({ commit: null, format: null })
  expect(await store.summary()).toEqual({
    pending: 0,
    quarantined: 0,
    oldest_pending_at: null,
    last_synchronized_at: null,
    history_lost_at: null,
  })
})

it('marks messages, deletes their changes, moves the cursor and notes the time', async () => {
  const { store } = await openStoreWith('a', 'b', 'c')
  await using _ = store
  await store.quarantine('b', 'no')
  const synchronized = [
    { uid: 'a', git_hash: 'c1' },
    { uid: 'b', git_hash: 'c2' },
    { uid: 'nobody', git_hash: 'c3' },
  ]
  await store.settle({ synchronized, cursor })

  expect(await store.findMessage('a')).toMatchObject({
    git_hash: 'c1',
    is_synchronized: true,
    updated_at: '2024-01-01T00:00:00.000Z',
  })
  expect((await store.oldestChanges(10)).map(({ message }) => message.uid)).toEqual(['c'])
  expect(await store.cursor()).toEqual(cursor)
  expect(await store.summary()).toEqual({
    pending: 1,
    quarantined: 0,
    oldest_pending_at: (await store.findMessage('c'))?.created_at,
    last_synchronized_at: new Date(now).toISOString(),
    history_lost_at: null,
  })
})

it('moves the cursor alone, back to the beginning too, without noting a time', async () => {
  const { store } = await openStoreWith('a')
  await using _ = store
  await store.settle({ synchronized: [], cursor })
  await store.settle({
    synchronized: [{ uid: 'nobody', git_hash: 'c1' }],
    cursor: { commit: null, format: null },
  })
  expect(await store.cursor()).toEqual({ commit: null, format: null })
  expect((await store.summary()).last_synchronized_at).toBeNull()
})

it('stores imported messages as synchronized, without a change', async () => {
  const { store } = await openStoreWith()
  await using _ = store
  const { preferred_id, ...message } = imported('theirs', 7)
  await store.settle({ synchronized: [], imported: [{ ...message, preferred_id: 7 }], cursor })

  expect(await store.findMessage('theirs')).toEqual({ ...message, id: 7, is_synchronized: true })
  expect(await store.oldestChanges(10)).toEqual([])
})

it('leaves a message alone that is stored already, here or twice in what is imported', async () => {
  const { store } = await openStoreWith('ours')
  await using _ = store
  const ours = await store.findMessage('ours')
  const twice = [imported('theirs'), { ...imported('theirs'), content: 'other' }]
  await store.settle({ synchronized: [], imported: [imported('ours'), ...twice], cursor })

  expect(await store.findMessage('ours')).toEqual(ours)
  expect(await store.findMessage('theirs')).toMatchObject({ content: 'hello', id: 2 })
})

it('gives the preferred id where it is free, and else the next free one', async () => {
  const { store, idOf } = await openStoreWith('ours')
  await using _ = store
  const messages = [
    imported('taken', 1),
    imported('free', 9),
    imported('again', 9),
    imported('below', 3),
    imported('any'),
    imported('zero', 0),
    imported('half', 4.5),
    imported('hostile', Number.MAX_SAFE_INTEGER),
  ]
  await store.settle({ synchronized: [], imported: messages, cursor })
  const given = await Promise.all(messages.map(({ uid }) => idOf(uid)))
  expect(given).toEqual([2, 9, 10, 3, 11, 12, 13, 14])

  const { message } = await store.createMessage(newMessage())
  expect(message.id).toBe(15)
})

it('settles and imports thousands at once', async () => {
  const uids = Array.from({ length: 3_000 }, (_, index) => `u${index}`)
  const { store } = await openStoreWith(...uids)
  await using _ = store
  await store.settle({
    synchronized: uids.map((uid) => ({ uid, git_hash: `hash of ${uid}` })),
    imported: uids.map((uid) => imported(`their ${uid}`)),
    cursor,
  })
  expect(await store.summary()).toMatchObject({ pending: 0, oldest_pending_at: null })
  expect(await store.findMessage('u2999')).toMatchObject({ git_hash: 'hash of u2999', is_synchronized: true })
  expect(await store.listMessages({ limit: 1 })).toMatchObject([{ id: 6_000, uid: 'their u2999' }])
})

it('changes nothing when a part of it is wrong', async () => {
  const { store } = await openStoreWith('a')
  await using _ = store
  const synchronized = [{ uid: 'a', git_hash: 'c1' }]
  const wrong = { ...imported('theirs'), timestamp: 'today' }
  await expect(store.settle({ synchronized, imported: [wrong], cursor })).rejects.toMatchObject({
    code: 'invalid-argument',
  })
  expect(await store.findMessage('a')).toMatchObject({ is_synchronized: false })
  expect(await store.cursor()).toEqual({ commit: null, format: null })
})
