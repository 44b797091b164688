import { createMemoryBackend } from '@gitmsg/git-sync'
import { newMessage, openTemporaryStore } from '@gitmsg/store/testing'
import { expect, it, onTestFinished, vi } from 'vitest'
import { createSynchronizer } from './synchronizer.js'

it('createSynchronizer() dispatches what another server posted when the store hints at it', async () => {
  // It never looks by itself.
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  await using store = await openTemporaryStore()
  const backend = createMemoryBackend()
  const listeners = new Set<() => void>()
  const onChange = (listener: () => void) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }
  const synchronizer = createSynchronizer({ store: { ...store, onChange }, backend })
  await synchronizer.sync()
  await store.createMessage(newMessage())
  expect(await store.summary()).toMatchObject({ pending: 1 })
  expect(listeners.size).toBe(1)
  for (const listener of listeners) listener()
  while ((await store.summary()).pending > 0) await new Promise(setImmediate)
  await synchronizer.close()
  expect(listeners.size).toBe(0)
  await backend.close()
})
