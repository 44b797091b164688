import { expect, it } from 'vitest'
import { newMessage, openTemporaryStore } from '../testing/index.js'

it('makes synchronized messages pending again, in order, and leaves the others and the cursor alone', async () => {
  await using store = await openTemporaryStore()
  for (const uid of ['a', 'b', 'c', 'd']) await store.createMessage(newMessage({ uid }))
  await store.settle({
    synchronized: ['a', 'b', 'c'].map((uid) => ({ uid, git_hash: 'c1' })),
    cursor: { commit: 'c1', format: 1 },
  })
  expect(await store.unsettle(['c', 'a', 'd', 'unknown'])).toBe(2)

  const changes = await store.oldestChanges(10)
  expect(changes.map(({ message }) => message.uid)).toEqual(['d', 'a', 'c'])
  expect(await store.findMessage('a')).toMatchObject({ git_hash: null, is_synchronized: false })
  expect(await store.findMessage('b')).toMatchObject({ git_hash: 'c1', is_synchronized: true })
  expect(await store.cursor()).toEqual({ commit: 'c1', format: 1 })
  expect(await store.summary()).toMatchObject({ pending: 3 })
})

it('does nothing twice', async () => {
  await using store = await openTemporaryStore()
  await store.createMessage(newMessage({ uid: 'a' }))
  await store.settle({
    synchronized: [{ uid: 'a', git_hash: 'c1' }],
    cursor: { commit: 'c1', format: 1 },
  })
  expect([await store.unsettle(['a']), await store.unsettle(['a'])]).toEqual([1, 0])
})
