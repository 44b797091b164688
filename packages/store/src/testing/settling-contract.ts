import { describe, expect, it } from 'vitest'
import { createAll, cursor, importedMessage, pendingUids, settleAll } from './contract-messages.js'
import { newMessage } from './new-message.js'
import { BEGINNING, type OpenStoreFixture, withFixture } from './store-fixture.js'

const NOTHING_KNOWN = { commit: null, format: null }

/** What the repository is known to have. */
export function describeSettling(open: OpenStoreFixture): void {
  describe('settling', () => {
    it(
      'begins with no cursor and no time of synchronization',
      withFixture(open, async ({ store }) => {
        const none = { oldest_pending_at: null, last_synchronized_at: null, history_lost_at: null }
        expect(await store.cursor()).toEqual(NOTHING_KNOWN)
        expect(await store.summary()).toEqual({ pending: 0, quarantined: 0, ...none })
      }),
    )

    it(
      'marks messages, deletes their changes, moves the cursor and notes the time',
      withFixture(open, async ({ store }) => {
        const [a, , c] = await createAll(store, 'a', 'b', 'c')
        await store.quarantine('b', 'no')
        const synchronized = ['a', 'b', 'nobody'].map((uid) => ({ uid, git_hash: `hash of ${uid}` }))
        await store.settle({ synchronized, cursor })

        const marked = { ...a?.message, git_hash: 'hash of a', is_synchronized: true }
        expect(await store.findMessage('a')).toEqual(marked)
        expect(await pendingUids(store)).toEqual(['c'])
        expect(await store.cursor()).toEqual(cursor)
        expect(await store.summary()).toEqual({
          pending: 1,
          quarantined: 0,
          oldest_pending_at: c?.message.created_at,
          last_synchronized_at: new Date(BEGINNING).toISOString(),
          history_lost_at: null,
        })
      }),
    )

    it(
      'moves the cursor alone, back to the beginning too, without noting a time',
      withFixture(open, async ({ store }) => {
        await store.settle({ synchronized: [], cursor })
        expect(await store.cursor()).toEqual(cursor)
        const synchronized = [{ uid: 'nobody', git_hash: 'c1' }]
        await store.settle({ synchronized, cursor: NOTHING_KNOWN })
        expect(await store.cursor()).toEqual(NOTHING_KNOWN)
        expect((await store.summary()).last_synchronized_at).toBeNull()
      }),
    )

    it(
      'stores imported messages as synchronized, without a change',
      withFixture(open, async ({ store }) => {
        const message = importedMessage('theirs')
        await store.settle({ synchronized: [], imported: [{ ...message, preferred_id: 7 }], cursor })
        expect(await store.findMessage('theirs')).toEqual({ ...message, id: 7, is_synchronized: true })
        expect(await store.oldestChanges(10)).toEqual([])
      }),
    )

    it(
      'leaves a message alone that is stored already, here or twice in what is imported',
      withFixture(open, async ({ store }) => {
        const [ours] = await createAll(store, 'ours')
        const twice = [importedMessage('theirs'), { ...importedMessage('theirs'), content: 'other' }]
        await store.settle({ synchronized: [], imported: [importedMessage('ours'), ...twice], cursor })
        expect(await store.findMessage('ours')).toEqual(ours?.message)
        expect(await store.findMessage('theirs')).toMatchObject({ content: 'hello', id: 2 })
      }),
    )

    it(
      'gives the preferred id where it is free, and else the next free one',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'ours')
        const preferred = [1, 9, 9, 3, undefined, 0, 4.5, Number.MAX_SAFE_INTEGER]
        const imported = preferred.map((id, index) => importedMessage(`theirs ${index}`, id))
        await store.settle({ synchronized: [], imported, cursor })
        const given = await Promise.all(imported.map(async ({ uid }) => (await store.findMessage(uid))?.id))
        expect(given).toEqual([2, 9, 10, 3, 11, 12, 13, 14])
        expect((await store.createMessage(newMessage())).message.id).toBe(15)
      }),
    )

    // Covers V2.3.3
    it(
      'changes nothing when a part of it is wrong',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a')
        const synchronized = [{ uid: 'a', git_hash: 'c1' }]
        const wrong = { ...importedMessage('theirs'), timestamp: 'today' }
        const call = store.settle({ synchronized, imported: [wrong], cursor })
        await expect(call).rejects.toMatchObject({ code: 'invalid-argument' })
        expect(await pendingUids(store)).toEqual(['a'])
        expect(await store.cursor()).toEqual(NOTHING_KNOWN)
      }),
    )

    it(
      'is undone for messages that the repository turned out not to have, in order, and once',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a', 'b', 'c', 'd')
        await settleAll(store, 'a', 'b', 'c')
        expect(await store.markPending(['c', 'a', 'd', 'unknown'])).toBe(2)
        expect(await store.markPending(['c', 'a'])).toBe(0)
        expect(await pendingUids(store)).toEqual(['d', 'a', 'c'])
        expect(await store.findMessage('a')).toMatchObject({ git_hash: null, is_synchronized: false })
        expect(await store.findMessage('b')).toMatchObject({ git_hash: 'c1', is_synchronized: true })
        expect(await store.cursor()).toEqual(cursor)
        expect((await store.summary()).pending).toBe(3)
      }),
    )

    it(
      'is forgotten for all messages, in their order, where the repository was replaced',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a', 'b', 'c', 'd')
        await settleAll(store, 'a', 'c')
        await store.quarantine('b', 'no')
        expect(await store.resetSynchronization()).toBe(2)

        const changes = await store.oldestChanges(10)
        expect(changes.map(({ message }) => message.uid)).toEqual(['a', 'c', 'd'])
        expect(changes.some(({ message }) => message.git_hash || message.is_synchronized)).toBe(false)
        expect(await store.quarantineReason('b')).toBe('no')
        expect(await store.cursor()).toEqual(NOTHING_KNOWN)
        expect(await store.summary()).toMatchObject({ pending: 3, quarantined: 1 })
      }),
    )

    it(
      'remembers that it was forgotten until nothing is pending',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a', 'b')
        const lostAt = async () => (await store.summary()).history_lost_at
        await settleAll(store, 'a', 'b')
        expect(await lostAt()).toBeNull()
        await store.resetSynchronization()
        await settleAll(store, 'a')
        expect(await lostAt()).toBe(new Date(BEGINNING).toISOString())
        await settleAll(store, 'b')
        expect(await lostAt()).toBeNull()
        await createAll(store, 'c')
        expect(await lostAt()).toBeNull()
      }),
    )

    it(
      'never gives a sequence twice',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a')
        await store.resetSynchronization()
        await store.resetSynchronization()
        expect((await store.oldestChanges(1))[0]?.sequence).toBe(3)
      }),
    )
  })
}
