import { expect, it } from 'vitest'
import { newMessage, openTemporaryStore } from '../testing/index.js'

const now = Date.UTC(2025, 0, 9)

/** Messages u1, u2, ... with their changes. */
async function openStoreWith(count: number) {
  const store = await openTemporaryStore({ clock: () => now })
  const uids = Array.from({ length: count }, (_, index) => `u${index + 1}`)
  await Promise.all(uids.map((uid) => store.createMessage(newMessage({ uid }))))
  const pending = async () => (await store.oldestChanges(1000)).map(({ message }) => message.uid)
  return { store, pending }
}

it('hands out the oldest changes in order', async () => {
  const { store, pending } = await openStoreWith(5)
  await using _ = store
  expect((await store.oldestChanges(2)).map(({ sequence }) => sequence)).toEqual([1, 2])
  expect((await store.oldestChanges(2, 2)).map(({ sequence }) => sequence)).toEqual([3, 4])
  expect(await pending()).toEqual(['u1', 'u2', 'u3', 'u4', 'u5'])
})

it('sets a change aside with its reason, and holds nobody else back', async () => {
  const { store, pending } = await openStoreWith(3)
  await using _ = store
  await store.quarantine('u1', 'the remote said no')

  expect(await pending()).toEqual(['u2', 'u3'])
  expect(await store.quarantineReason('u1')).toBe('the remote said no')
  expect(await store.quarantinedChanges()).toEqual([
    {
      sequence: 1,
      message: await store.findMessage('u1'),
      reason: 'the remote said no',
      quarantined_at: new Date(now).toISOString(),
    },
  ])
})

it('knows no reason for a change that is pending, settled or never was', async () => {
  const { store } = await openStoreWith(2)
  await using _ = store
  await store.settle({ synchronized: [{ uid: 'u2', git_hash: 'c1' }], cursor: { commit: 'c1', format: 1 } })
  await store.quarantine('u2', 'too late')
  await store.quarantine('nobody', 'never')

  for (const uid of ['u1', 'u2', 'nobody']) expect(await store.quarantineReason(uid)).toBeNull()
  expect(await store.summary()).toMatchObject({ pending: 1, quarantined: 0 })
})

it('makes chosen or all quarantined changes pending again, in their old places', async () => {
  const { store, pending } = await openStoreWith(4)
  await using _ = store
  for (const uid of ['u1', 'u2', 'u3']) await store.quarantine(uid, 'no')

  expect(await store.retryQuarantined(['u2', 'u4', 'nobody'])).toBe(1)
  expect(await pending()).toEqual(['u2', 'u4'])
  expect(await store.retryQuarantined([])).toBe(0)
  expect(await store.retryQuarantined()).toBe(2)
  expect(await pending()).toEqual(['u1', 'u2', 'u3', 'u4'])
})

it('pages quarantined changes, newest first', async () => {
  const { store } = await openStoreWith(5)
  await using _ = store
  for (const uid of ['u1', 'u2', 'u4']) await store.quarantine(uid, 'no')

  const first = await store.quarantinedChanges({ limit: 2 })
  const second = await store.quarantinedChanges({ limit: 2, before: first[1]?.sequence as number })
  expect([...first, ...second].map(({ message }) => message.uid)).toEqual(['u4', 'u2', 'u1'])
})

it('refuses limits that are none', async () => {
  const { store } = await openStoreWith(0)
  await using _ = store
  for (const limit of [0, 1.5, Number.NaN, -1, 1001, '1' as unknown as number]) {
    await expect(store.oldestChanges(limit)).rejects.toMatchObject({ code: 'invalid-argument' })
    await expect(store.quarantinedChanges({ limit })).rejects.toMatchObject({ code: 'invalid-argument' })
  }
  await expect(store.oldestChanges(1, -1)).rejects.toMatchObject({ code: 'invalid-argument' })
  await expect(store.quarantine('u1', 5 as unknown as string)).rejects.toMatchObject({
    code: 'invalid-argument',
  })
  await expect(store.retryQuarantined('u1' as never)).rejects.toMatchObject({ code: 'invalid-argument' })
})
