import { describe, expect, it } from 'vitest'
import type { Store } from '../../store.js'
import type { SyncLock } from '../../synchronization.js'
import { CURSOR, createAll, pendingUids, publish } from '../messages.js'
import { type OpenStoreFixture, withFixture } from '../store-fixture.js'

/** Every write that may be given a lock. */
const WRITES: [name: string, write: (store: Store, lock: SyncLock) => Promise<unknown>][] = [
  [
    'settle',
    (store, lock) =>
      store.settle({ published: [{ uid: 'a', version: 1, git_hash: 'c1' }], cursor: CURSOR }, { lock }),
  ],
  ['quarantine', (store, lock) => store.quarantine('a', 'no', { lock })],
  ['resetSynchronization', (store, lock) => store.resetSynchronization({ lock })],
  ['markPending', (store, lock) => store.markPending(['b'], { lock })],
  ['eraseTraces', (store, lock) => store.eraseTraces(['b'], { lock })],
]

/** The sync lock, and the writes that it protects. */
export function describeLocking(open: OpenStoreFixture): void {
  describe('the sync lock', () => {
    it(
      'acquireSyncLock() resolves with null until the holder releases the lock or closes its store',
      withFixture(open, async ({ store, other }) => {
        const second = await other()
        const lock = await store.acquireSyncLock()
        expect(lock).not.toBeNull()
        expect([await store.acquireSyncLock(), await second.acquireSyncLock()]).toEqual([null, null])
        await lock?.release()
        await lock?.release()
        expect(lock?.lost.aborted).toBe(false)
        expect(await second.acquireSyncLock()).not.toBeNull()
        await second.close()
        expect(await store.acquireSyncLock()).not.toBeNull()
      }),
    )

    it(
      'of two stores that acquire the sync lock at once, one gets it',
      withFixture(open, async ({ store, other }) => {
        const second = await other()
        const locks = await Promise.all([store.acquireSyncLock(), second.acquireSyncLock()])
        expect(locks.filter((lock) => lock !== null)).toHaveLength(1)
      }),
    )

    it.each(WRITES)('%s() succeeds with the lock that its store holds', (_, write) =>
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a', 'b')
        await publish(store, 'b 1')
        const lock = (await store.acquireSyncLock()) as SyncLock
        await write(store, lock)
        await lock.release()
      })(),
    )

    it.each(WRITES)('%s() writes nothing with a lock that is released, or of another store', (_, write) =>
      withFixture(open, async ({ store, other }) => {
        await createAll(store, 'a', 'b')
        await publish(store, 'b 1')
        const released = (await store.acquireSyncLock()) as SyncLock
        await released.release()
        const held = (await (await other()).acquireSyncLock()) as SyncLock

        const before = await store.summary()
        for (const lock of [released, held]) {
          await expect(write(store, lock)).rejects.toMatchObject({ name: 'StoreError', code: 'lock-lost' })
        }
        expect(await store.summary()).toEqual(before)
        expect(await pendingUids(store)).toEqual(['a'])
        expect(await store.cursor()).toEqual(CURSOR)
        expect(held.lost.aborted).toBe(false)
      })(),
    )
  })
}
