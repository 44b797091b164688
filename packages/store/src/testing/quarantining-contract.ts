import { describe, expect, it } from 'vitest'
import { createAll, pendingUids, settleAll } from './contract-messages.js'
import { BEGINNING, type OpenStoreFixture, withFixture } from './store-fixture.js'

/** The outbox's order, and changes that are set aside. */
export function describeQuarantining(open: OpenStoreFixture): void {
  describe('quarantine', () => {
    it(
      'sets a change aside with its reason, and holds nobody else back',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'u1', 'u2', 'u3')
        expect((await store.oldestChanges(2)).map(({ sequence }) => sequence)).toEqual([1, 2])
        expect((await store.oldestChanges(2, 1)).map(({ sequence }) => sequence)).toEqual([2, 3])
        await store.quarantine('u1', 'the remote said no')

        expect(await pendingUids(store)).toEqual(['u2', 'u3'])
        expect(await store.quarantineReason('u1')).toBe('the remote said no')
        const message = await store.findMessage('u1')
        const quarantined_at = new Date(BEGINNING).toISOString()
        expect(await store.quarantinedChanges()).toEqual([
          { sequence: 1, message, reason: 'the remote said no', quarantined_at },
        ])
        expect(await store.summary()).toMatchObject({ pending: 2, quarantined: 1 })
      }),
    )

    it(
      'knows no reason for a change that is pending, settled or never was',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'u1', 'u2')
        await settleAll(store, 'u2')
        await store.quarantine('u2', 'too late')
        await store.quarantine('nobody', 'never')
        for (const uid of ['u1', 'u2', 'nobody']) expect(await store.quarantineReason(uid)).toBeNull()
        expect(await store.summary()).toMatchObject({ pending: 1, quarantined: 0 })
      }),
    )

    it(
      'gives chosen or all changes back, to their old places',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'u1', 'u2', 'u3', 'u4')
        for (const uid of ['u1', 'u2', 'u3']) await store.quarantine(uid, 'no')

        expect(await store.retryQuarantined(['u2', 'u4', 'nobody'])).toBe(1)
        expect(await pendingUids(store)).toEqual(['u2', 'u4'])
        expect(await store.retryQuarantined([])).toBe(0)
        expect(await store.retryQuarantined()).toBe(2)
        expect(await pendingUids(store)).toEqual(['u1', 'u2', 'u3', 'u4'])
      }),
    )

    it(
      'is listed in pages, newest first',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'u1', 'u2', 'u3', 'u4', 'u5')
        for (const uid of ['u1', 'u2', 'u4']) await store.quarantine(uid, 'no')
        const first = await store.quarantinedChanges({ limit: 2 })
        const second = await store.quarantinedChanges({ limit: 2, before: first[1]?.sequence as number })
        expect([...first, ...second].map(({ message }) => message.uid)).toEqual(['u4', 'u2', 'u1'])
      }),
    )

    it(
      'refuses limits that are none, and what is no reason and no list',
      withFixture(open, async ({ store }) => {
        const refused = { code: 'invalid-argument' }
        for (const limit of [0, 1.5, Number.NaN, -1, 1001, '1' as never]) {
          await expect(store.oldestChanges(limit)).rejects.toMatchObject(refused)
          await expect(store.quarantinedChanges({ limit })).rejects.toMatchObject(refused)
        }
        await expect(store.oldestChanges(1, -1)).rejects.toMatchObject(refused)
        await expect(store.quarantine('u1', 5 as never)).rejects.toMatchObject(refused)
        await expect(store.retryQuarantined('u1' as never)).rejects.toMatchObject(refused)
      }),
    )
  })
}
