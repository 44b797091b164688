import { describe, expect, it } from 'vitest'
import { CURSOR, createAll, newMessage, pendingUids, recordedVersion } from '../messages.js'
import { type OpenStoreFixture, START_MS, withFixture } from '../store-fixture.js'

const NO_CURSOR = { commit: null, format: null }

/** What the repository is known to have. */
export function describeSettling(open: OpenStoreFixture): void {
  describe('settling', () => {
    it(
      'cursor() and summary() are empty in a new database',
      withFixture(open, async ({ store }) => {
        const times = { oldest_pending_at: null, last_synchronized_at: null, history_lost_at: null }
        expect(await store.cursor()).toEqual(NO_CURSOR)
        expect(await store.summary()).toEqual({ pending: 0, quarantined: 0, ...times })
      }),
    )

    it(
      'settle() marks messages synchronized, deletes their changes, moves the cursor and records the time',
      withFixture(open, async ({ store }) => {
        const [a, , c] = await createAll(store, 'a', 'b', 'c')
        await store.quarantine('b', 'no')
        const published = ['a', 'b', 'unknown'].map((uid) => ({
          uid,
          version: 1,
          git_hash: `hash of ${uid}`,
        }))
        await store.settle({ published, cursor: CURSOR })

        const marked = {
          ...a?.message,
          git_hash: 'hash of a',
          is_synchronized: true,
          synchronized_version: 1,
          position: 5,
        }
        expect(await store.findMessage('a')).toEqual(marked)
        expect(await pendingUids(store)).toEqual(['c'])
        expect(await store.cursor()).toEqual(CURSOR)
        expect(await store.summary()).toEqual({
          pending: 1,
          quarantined: 0,
          oldest_pending_at: c?.message.created_at,
          last_synchronized_at: new Date(START_MS).toISOString(),
          history_lost_at: null,
        })
      }),
    )

    it(
      'settle() moves the cursor in either direction without recording a time if it synchronizes no message',
      withFixture(open, async ({ store }) => {
        await store.settle({ cursor: CURSOR })
        expect(await store.cursor()).toEqual(CURSOR)
        const published = [{ uid: 'unknown', version: 1, git_hash: 'c1' }]
        await store.settle({ published, cursor: NO_CURSOR })
        expect(await store.cursor()).toEqual(NO_CURSOR)
        expect((await store.summary()).last_synchronized_at).toBeNull()
      }),
    )

    it(
      'settle() stores recorded versions of unknown messages as synchronized, without a change',
      withFixture(open, async ({ store }) => {
        const message = recordedVersion('imported')
        await store.settle({ recorded: [{ ...message, preferred_id: 7 }], cursor: CURSOR })
        expect(await store.findMessage('imported')).toEqual({
          ...message,
          id: 7,
          is_synchronized: true,
          synchronized_version: 1,
          thread: null,
          position: 1,
        })
        expect(await store.oldestChanges(10)).toEqual([])
      }),
    )

    it(
      'settle() stores neither a recorded version that contradicts a stored message, nor another one of the same number',
      withFixture(open, async ({ store }) => {
        const [stored] = await createAll(store, 'stored')
        const twice = [recordedVersion('imported'), { ...recordedVersion('imported'), content: 'other' }]
        const recorded = [recordedVersion('stored'), ...twice]
        expect(await store.settle({ recorded, cursor: CURSOR })).toEqual(['conflict', 'stored', 'conflict'])
        expect(await store.findMessage('stored')).toEqual(stored?.message)
        expect(await store.findMessage('imported')).toMatchObject({ content: 'hello', id: 2 })
      }),
    )

    it(
      'settle() gives a recorded message its preferred id if it is free, and otherwise the next free one',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'stored')
        const preferred = [1, 9, 9, 3, undefined, 0, 4.5, Number.MAX_SAFE_INTEGER]
        const recorded = preferred.map((id, index) =>
          recordedVersion(`imported ${index}`, id === undefined ? {} : { preferred_id: id }),
        )
        await store.settle({ recorded, cursor: CURSOR })
        const ids = await Promise.all(recorded.map(async ({ uid }) => (await store.findMessage(uid))?.id))
        expect(ids).toEqual([2, 9, 10, 3, 11, 12, 13, 14])
        expect((await store.createMessage(newMessage())).message.id).toBe(15)
      }),
    )

    // Covers V2.3.3
    it(
      'settle() changes nothing if a part of the settlement is invalid',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a')
        const published = [{ uid: 'a', version: 1, git_hash: 'c1' }]
        const invalid = { ...recordedVersion('imported'), timestamp: 'today' }
        const call = store.settle({ published, recorded: [invalid], cursor: CURSOR })
        await expect(call).rejects.toMatchObject({ code: 'invalid-argument' })
        expect(await pendingUids(store)).toEqual(['a'])
        expect(await store.cursor()).toEqual(NO_CURSOR)
      }),
    )
  })
}
