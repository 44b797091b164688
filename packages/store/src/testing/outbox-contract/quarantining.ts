import { describe, expect, it } from 'vitest'
import { createAll, pendingUids, settleAll } from '../messages.js'
import { type OpenStoreFixture, START_MS, withFixture } from '../store-fixture.js'

/** The order of the outbox, and quarantined changes. */
export function describeQuarantining(open: OpenStoreFixture): void {
  describe('quarantining', () => {
    it(
      'quarantine() removes a change from the pending ones, with its reason, and lets later changes pass',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'u1', 'u2', 'u3')
        const first = await store.oldestChanges(2)
        expect(first.map(({ sequence }) => sequence)).toEqual([1, 2])
        expect((await store.oldestChanges(2, first[0])).map(({ sequence }) => sequence)).toEqual([2, 3])
        await store.quarantine('u1', 'rejected by the remote')

        expect(await pendingUids(store)).toEqual(['u2', 'u3'])
        expect(await store.quarantineReason('u1')).toBe('rejected by the remote')
        const message = await store.findMessage('u1')
        const quarantined_at = new Date(START_MS).toISOString()
        expect(await store.quarantinedChanges()).toEqual([
          { ...first[0], message, reason: 'rejected by the remote', quarantined_at },
        ])
        expect(await store.summary()).toMatchObject({ pending: 2, quarantined: 1 })
      }),
    )

    it(
      'quarantineReason() returns null for a pending, a settled and an unknown message',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'u1', 'u2')
        await settleAll(store, 'u2')
        await store.quarantine('u2', 'too late')
        await store.quarantine('unknown', 'never')
        for (const uid of ['u1', 'u2', 'unknown']) expect(await store.quarantineReason(uid)).toBeNull()
        expect(await store.summary()).toMatchObject({ pending: 1, quarantined: 0 })
      }),
    )

    it(
      'retryQuarantined() returns chosen or all changes to their old places',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'u1', 'u2', 'u3', 'u4')
        for (const uid of ['u1', 'u2', 'u3']) await store.quarantine(uid, 'no')

        expect(await store.retryQuarantined(['u2', 'u4', 'unknown'])).toBe(1)
        expect(await pendingUids(store)).toEqual(['u2', 'u4'])
        expect(await store.retryQuarantined([])).toBe(0)
        expect(await store.retryQuarantined()).toBe(2)
        expect(await pendingUids(store)).toEqual(['u1', 'u2', 'u3', 'u4'])
      }),
    )

    it(
      'quarantinedChanges() lists changes in pages, newest first',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'u1', 'u2', 'u3', 'u4', 'u5')
        for (const uid of ['u1', 'u2', 'u4']) await store.quarantine(uid, 'no')
        const first = await store.quarantinedChanges({ limit: 2 })
        const second = await store.quarantinedChanges({ limit: 2, before: first[1]?.sequence as number })
        expect([...first, ...second].map(({ message }) => message.uid)).toEqual(['u4', 'u2', 'u1'])
      }),
    )

    it(
      'the outbox methods reject an invalid limit, sequence, reason and list of uids',
      withFixture(open, async ({ store }) => {
        const error = { code: 'invalid-argument' }
        for (const limit of [0, 1.5, Number.NaN, -1, 1001, '1' as never]) {
          await expect(store.oldestChanges(limit)).rejects.toMatchObject(error)
          await expect(store.quarantinedChanges({ limit })).rejects.toMatchObject(error)
        }
        await expect(store.oldestChanges(1, { rank: 0, sequence: -1 })).rejects.toMatchObject(error)
        await expect(store.oldestChanges(1, { rank: -1, sequence: 0 })).rejects.toMatchObject(error)
        await expect(store.quarantine('u1', 5 as never)).rejects.toMatchObject(error)
        await expect(store.retryQuarantined('u1' as never)).rejects.toMatchObject(error)
      }),
    )
  })
}
