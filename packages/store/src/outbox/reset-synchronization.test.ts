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
  expect(await store.resetSynchronization()).toBe(3)

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

it('is remembered until nothing is pending', async () => {
  await using store = await openTemporaryStore()
  await Promise.all(['a', 'b'].map((uid) => store.createMessage(newMessage({ uid }))))
  const settle = (...uids: string[]) =>
    store.settle({
      synchronized: uids.map((uid) => ({ uid, git_hash: 'c1' })),
      cursor: { commit: 'c1', format: 1 },
    })
  const lostAt = async () => (await store.summary()).history_lost_at
  await settle('a', 'b')
  expect(await lostAt()).toBeNull()
  await store.resetSynchronization()
  await settle('a')
  expect(await lostAt()).toMatch(/^\d{4}-\d\d-\d\dT/)
  await settle('b')
  expect(await lostAt()).toBeNull()
  await store.createMessage(newMessage({ uid: 'c' }))
  expect(await lostAt()).toBeNull()
})
