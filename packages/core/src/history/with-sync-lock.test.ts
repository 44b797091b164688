import { type Store, StoreError, type SyncLock } from '@gitmsg/store'
import { openTemporaryStore } from '@gitmsg/store/testing'
import { expect, it, vi } from 'vitest'
import { withSyncLock } from './with-sync-lock.js'

const CURSOR = { commit: 'c1', format: 1 }

/** A store whose lock can be lost while it is held. */
async function openLosingStore() {
  const real = await openTemporaryStore()
  const losing = new AbortController()
  const release = vi.fn<SyncLock['release']>()
  const store: Store = {
    ...real,
    async acquireSyncLock() {
      const lock = await real.acquireSyncLock()
      if (!lock) return null
      release.mockImplementation(lock.release)
      return Object.assign(lock, { lost: losing.signal, release })
    },
  }
  const lose = () => losing.abort(new StoreError('lock-lost', 'lost'))
  return { store, lose, release, [Symbol.asyncDispose]: real.close }
}

it('withSyncLock() ends its work with lock-lost once the lock is lost, whatever the work fails with', async () => {
  await using test = await openLosingStore()
  const work = withSyncLock(
    { store: test.store },
    async ({ signal }: { store: Store; signal?: AbortSignal }) => {
      test.lose()
      expect(signal?.aborted).toBe(true)
      throw new Error('aborted')
    },
  )
  await expect(work).rejects.toMatchObject({ name: 'StoreError', code: 'lock-lost' })
  expect(test.release).toHaveBeenCalledOnce()
})

it('withSyncLock() gives its work a store that only writes as long as the lock is held', async () => {
  await using test = await openLosingStore()
  const controller = new AbortController()
  const locked = await withSyncLock({ store: test.store, signal: controller.signal }, async (options) => {
    await options.store.settle({ cursor: CURSOR })
    controller.abort()
    expect(options.signal.aborted).toBe(true)
    return options.store
  })
  const late = locked.settle({ cursor: { commit: null, format: null } })
  await expect(late).rejects.toMatchObject({ code: 'lock-lost' })
  expect(await test.store.cursor()).toEqual(CURSOR)
})
