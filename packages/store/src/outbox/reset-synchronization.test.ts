import { expect, it } from 'vitest'
import { newMessage, openTemporaryStore } from '../testing/index.js'

it('makes every message pending again, in the order of the messages', async () => {
  await using store = await openTemporaryStore()
  await Promise.all(['a', 'b', 'c', 'd', 'e'].map((uid) => store.createMessage(newMessage({ uid }))))
  await store.settle({
    synchronized: ['a', 'c', 'd'].map((uid) => ({ uid, git_hash: 'c1' })),
    cursor: { commit: 'c1', format: 1 },
  })
  await store.quarantine('b', 'no')
  await store.resetSynchronization()

  const changes = await store.oldestChanges(10)
  expect(changes.map(({ message }) => message.uid)).toEqual(['a', 'c', 'd', 'e'])
  expect(changes.every(({ message }) => message.git_hash === null && !message.is_synchronized)).toBe(true)
  expect(await store.quarantineReason('b')).toBe('no')
  expect(await store.cursor()).toEqual({ commit: null, format: null })
  expect(await store.summary()).toMatchObject({ pending: 4, quarantined: 1 })
})

it('never gives a sequence twice', async () => {
  await using store = await openTemporaryStore()
  await store.createMessage(newMessage())
  await store.resetSynchronization()
  await store.resetSynchronization()
  expect((await store.oldestChanges(1))[0]?.sequence).toBe(3)
})
