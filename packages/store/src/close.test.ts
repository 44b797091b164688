import { expect, it } from 'vitest'
import { openStore } from './index.js'
import { newMessage, openTemporaryStore } from './testing/index.js'

it('finishes the calls it accepted before it closes', async () => {
  await using other = await openTemporaryStore()
  const store = await openStore({ path: other.path })
  const accepted = Array.from({ length: 50 }, () => store.createMessage(newMessage()))
  await store.close()

  expect(await Promise.all(accepted)).toHaveLength(50)
  expect(await other.listMessages({ limit: 1000 })).toHaveLength(50)
})

it('refuses every call afterwards', async () => {
  const { path, close, ...store } = await openTemporaryStore()
  await close()
  const closed = { name: 'StoreError', code: 'closed' }
  const settlement = { synchronized: [], cursor: { commit: null, format: null } }

  const calls = [
    store.createMessage(newMessage()),
    store.findMessage(1),
    store.findMessages([]),
    store.listMessages(),
    store.oldestChanges(1),
    store.cursor(),
    store.settle(settlement),
    store.quarantine('u', 'no'),
    store.retryQuarantined(),
    store.quarantinedChanges(),
    store.quarantineReason('u'),
    store.resetSynchronization(),
    store.summary(),
    store.isWritable(),
  ]
  for (const call of calls) await expect(call).rejects.toMatchObject(closed)
  expect(store.acquireSyncLock).toThrow(expect.objectContaining(closed))
})

it('does nothing when it is closed again', async () => {
  const store = await openTemporaryStore()
  await Promise.all([store.close(), store.close()])
  await store[Symbol.asyncDispose]()
})

it('frees the right to synchronize', async () => {
  await using store = await openTemporaryStore()
  const other = await openStore({ path: store.path })
  expect(other.acquireSyncLock()).not.toBeNull()
  await other.close()
  expect(store.acquireSyncLock()).not.toBeNull()
})
