import { describe, expect, it } from 'vitest'
import type { Store } from '../../store.js'
import { RESETTING } from '../../synchronization.js'
import {
  CURSOR,
  createAll,
  edit,
  newMessage,
  pendingUids,
  pendingVersions,
  publish,
  record,
  recordedVersion,
  remove,
  settleAll,
} from '../messages.js'
import { type OpenStoreFixture, START_MS, withFixture } from '../store-fixture.js'

/** Enough versions for several transactions. */
const MANY = 2_000

/** Synchronized messages with every second one edited, in an order of commits that is not that of the ids. */
async function createMany(store: Store): Promise<string[]> {
  const uids = Array.from({ length: MANY }, (_, index) => `u${index}`)
  await createAll(store, ...uids)
  const edited = uids.filter((_, index) => index % 2 === 1)
  await Promise.all(edited.map((uid) => edit(store, uid, `edited ${uid}`)))
  const order = [...uids.toReversed().map((uid) => `${uid} 1`), ...edited.map((uid) => `${uid} 2`)]
  for (let start = 0; start < order.length; start += 700)
    await publish(store, ...order.slice(start, start + 700))
  return order
}

async function readPending(store: Store): Promise<string[]> {
  const found = []
  for (let page = await store.oldestChanges(1000); page.length > 0; ) {
    found.push(...page)
    page = await store.oldestChanges(1000, page.at(-1))
  }
  return found.map(({ message }) => `${message.uid} ${message.version}`)
}

/** Forgetting what the repository has. */
export function describeResetting(open: OpenStoreFixture): void {
  describe('resetting', () => {
    it(
      'markPending() makes synchronized messages pending once, before all others in the order of their ids, and keeps the cursor',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a', 'b', 'c', 'd')
        await settleAll(store, 'a', 'b', 'c')
        expect(await store.markPending(['c', 'a', 'd', 'unknown'])).toBe(2)
        expect(await store.markPending(['c', 'a'])).toBe(0)
        expect(await pendingUids(store)).toEqual(['a', 'c', 'd'])
        expect(await store.findMessage('a')).toMatchObject({ git_hash: null, is_synchronized: false })
        expect(await store.findMessage('b')).toMatchObject({ git_hash: 'c1', is_synchronized: true })
        expect(await store.cursor()).toEqual(CURSOR)
        expect((await store.summary()).pending).toBe(3)
      }),
    )

    it(
      'resetSynchronization() makes all messages but quarantined ones pending, those that were synchronized first',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a', 'b', 'c', 'd')
        await settleAll(store, 'a', 'c')
        await store.quarantine('b', 'no')
        expect(await store.resetSynchronization()).toBe(2)

        const changes = await store.oldestChanges(10)
        expect(changes.map(({ message }) => message.uid)).toEqual(['a', 'c', 'd'])
        expect(changes.some(({ message }) => message.git_hash || message.is_synchronized)).toBe(false)
        expect(await store.quarantineReason('b')).toBe('no')
        expect(await store.cursor()).toEqual({ commit: null, format: null })
        expect(await store.summary()).toMatchObject({ pending: 3, quarantined: 1 })
      }),
    )

    it(
      'resetSynchronization() sets history_lost_at until nothing is pending',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a', 'b')
        const lostAt = async () => (await store.summary()).history_lost_at
        await settleAll(store, 'a', 'b')
        expect(await lostAt()).toBeNull()
        await store.resetSynchronization()
        await settleAll(store, 'a')
        expect(await lostAt()).toBe(new Date(START_MS).toISOString())
        await settleAll(store, 'b')
        expect(await lostAt()).toBeNull()
        await createAll(store, 'c')
        expect(await lostAt()).toBeNull()
      }),
    )

    it(
      'resetSynchronization() never reuses a sequence',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a')
        await settleAll(store, 'a')
        await store.resetSynchronization()
        await settleAll(store, 'a')
        await store.resetSynchronization()
        expect((await store.oldestChanges(1))[0]?.sequence).toBe(3)
      }),
    )

    it(
      'resetSynchronization() makes every version pending in the order of the commits, before all others',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a', 'b', 'c')
        await publish(store, 'b 1')
        await edit(store, 'b', 'x')
        await publish(store, 'b 2', 'a 1')
        await edit(store, 'a', 'y')
        await record(store, recordedVersion('d'), recordedVersion('d', { version: 2 }))
        await publish(store, 'a 2')
        await edit(store, 'b', 'new')
        expect(await store.resetSynchronization()).toBe(3)
        const lost = ['b 1', 'b 2', 'a 1', 'd 1', 'd 2', 'a 2']
        expect(await pendingVersions(store)).toEqual([...lost, 'c 1', 'b 3'])
        for (const uid of ['a', 'b', 'd']) {
          const synchronized = { is_synchronized: false, git_hash: null, synchronized_version: null }
          expect(await store.findMessage(uid)).toMatchObject(synchronized)
          expect((await store.listVersions(uid)).some(({ is_synchronized }) => is_synchronized)).toBe(false)
        }
      }),
    )

    it(
      'resetSynchronization() makes only the tombstones of deleted messages pending, published or not',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a', 'b')
        await edit(store, 'a', 'x')
        await publish(store, 'a 1', 'a 2', 'b 1')
        await remove(store, 'a')
        await publish(store, 'a 3')
        await remove(store, 'b')
        expect(await store.resetSynchronization()).toBe(2)
        expect(await pendingVersions(store)).toEqual(['a 3', 'b 2'])
        expect(await store.findMessage('b')).toMatchObject({ synchronized_version: null })
        await publish(store, 'a 3', 'b 2')
        expect((await store.summary()).history_lost_at).toBeNull()
      }),
    )

    it(
      'resetSynchronization() puts what a second history lost before what the first one did',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a', 'b', 'c')
        await publish(store, 'c 1', 'b 1', 'a 1')
        await store.resetSynchronization()
        await publish(store, 'c 1', 'b 1')
        await store.resetSynchronization()
        await createAll(store, 'd')
        expect(await pendingVersions(store)).toEqual(['c 1', 'b 1', 'a 1', 'd 1'])
        await store.markPending(['a'])
        await publish(store, 'c 1')
        await store.markPending(['c'])
        expect(await pendingVersions(store)).toEqual(['c 1', 'b 1', 'a 1', 'd 1'])
      }),
    )

    it(
      'resetSynchronization() keeps the cursor at RESETTING until its end, while messages are posted, edited and deleted',
      withFixture(open, async ({ store, other }) => {
        const order = await createMany(store)
        const second = await other()
        const resetting = store.resetSynchronization()
        let isResetting = true
        const finished = resetting.finally(() => {
          isResetting = false
        })
        let turns = 0
        const cursors: (string | null)[] = []
        for (; isResetting; turns += 1) {
          await edit(second, `u${turns}`, `late ${turns}`)
          await remove(second, `u${MANY - 1 - turns}`)
          await second.createMessage(newMessage({ uid: `new ${turns}` }))
          cursors.push((await second.cursor()).commit)
        }
        await finished
        expect(turns).toBeGreaterThan(1)
        expect(cursors[0]).toBe(RESETTING)
        // The end is in the database some time before it is known here.
        const during = cursors.filter((commit) => commit !== null)
        expect(cursors).toEqual([
          ...during.map(() => RESETTING),
          ...cursors.slice(during.length).map(() => null),
        ])

        const deleted = (version: string) => Number(version.slice(1).split(' ')[0]) >= MANY - turns
        const pending = await readPending(store)
        const kept = order.filter((version) => !deleted(version))
        const lost = pending.filter((version) => order.includes(version) && !deleted(version))
        expect(lost).toEqual(kept)
        const tombstones = pending.filter((version) => version.startsWith('u') && deleted(version))
        expect(tombstones).toHaveLength(turns)
        expect(pending.slice(0, kept.length)).toEqual(kept)
        expect(await store.listMessages({ synchronized: true })).toEqual([])
        expect(await store.cursor()).toEqual({ commit: null, format: null })
      }),
    )
  })
}
