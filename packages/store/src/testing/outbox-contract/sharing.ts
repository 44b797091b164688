import { describe, expect, it } from 'vitest'
import { createAll, minute, newMessage } from '../messages.js'
import { type OpenStoreFixture, withFixture } from '../store-fixture.js'

/** Two stores on one database, and closing. */
export function describeSharing(open: OpenStoreFixture): void {
  describe('two stores on one database', () => {
    it(
      'two stores on one database see what the other stored, and never assign an id twice',
      withFixture(open, async ({ store, other }) => {
        const stores = [store, await other()]
        const calls = Array.from({ length: 100 }, (_, index) =>
          stores[index % 2]?.createMessage(newMessage()),
        )
        const ids = (await Promise.all(calls)).map((created) => created?.message.id)
        expect(new Set(ids).size).toBe(100)
        for (const one of stores) expect(await one.listMessages({ limit: 1000 })).toHaveLength(100)
      }),
    )

    it(
      'revision() is the same until one of the stores writes',
      withFixture(open, async ({ store, other }) => {
        const second = await other()
        await store.createMessage(newMessage())
        const revision = await store.revision()
        expect(await store.revision()).toBe(revision)
        await second.createMessage(newMessage())
        const later = await store.revision()
        expect(later).not.toBe(revision)
        await store.createMessage(newMessage())
        expect(await store.revision()).not.toBe(later)
      }),
    )

    it(
      'isWritable() is true, and assertWritable() resolves, for both stores on one database',
      withFixture(open, async ({ store, other }) => {
        await Promise.all([store.assertWritable(), (await other()).assertWritable()])
        expect([await store.isWritable(), await (await other()).isWritable()]).toEqual([true, true])
      }),
    )

    it(
      'storage() tells sizes in bytes, or that it cannot',
      withFixture(open, async ({ store }) => {
        await store.createMessage(newMessage())
        const sizes = Object.entries(await store.storage())
        const names = ['databaseBytes', 'diskBytes', 'freeBytes', 'logBytes']
        expect(sizes.map(([name]) => name).sort()).toEqual(names)
        for (const [, size] of sizes)
          expect(size === null || (Number.isSafeInteger(size) && size >= 0)).toBe(true)
      }),
    )
  })

  describe('closing', () => {
    it(
      'close() waits for the calls that are running',
      withFixture(open, async ({ store, other }) => {
        const second = await other()
        const running = createAll(second, ...Array.from({ length: 50 }, (_, index) => `u${index}`))
        await second.close()
        expect(await running).toHaveLength(50)
        expect(await store.listMessages({ limit: 1000 })).toHaveLength(50)
      }),
    )

    it(
      'close() can be repeated, also by `await using`, and makes every later call fail with closed',
      withFixture(open, async ({ other }) => {
        const store = await other()
        await Promise.all([store.close(), store.close()])
        await store[Symbol.asyncDispose]()

        const closed = { name: 'StoreError', code: 'closed' }
        const calls = [
          store.createMessage(newMessage()),
          store.editMessage({ key: 1, updated_at: minute(1) }),
          store.deleteMessage({ key: 1, updated_at: minute(1) }),
          store.findMessage(1),
          store.findMessages([]),
          store.listMessages(),
          store.listVersions(1),
          store.findVersions([]),
          store.scanVersions(0, 1),
          store.findReactions([]),
          store.listTopics(),
          store.position(),
          store.changedSince({ epoch: 'e', position: 0 }, 1),
          store.oldestChanges(1),
          store.cursor(),
          store.settle({ cursor: { commit: null, format: null } }),
          store.quarantine('u', 'no'),
          store.retryQuarantined(),
          store.quarantinedChanges(),
          store.quarantineReason('u'),
          store.resetSynchronization(),
          store.markPending([]),
          store.summary(),
          store.revision(),
          store.assertWritable(),
          store.isWritable(),
          store.storage(),
          store.acquireSyncLock(),
        ]
        for (const call of calls) await expect(call).rejects.toMatchObject(closed)
      }),
    )
  })
}
