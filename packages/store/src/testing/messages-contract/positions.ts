import { describe, expect, it } from 'vitest'
import type { Position, Store } from '../../store.js'
import {
  CURSOR,
  createAll,
  edit,
  publish,
  react,
  record,
  recordedVersion,
  remove,
  settleAll,
} from '../messages.js'
import { type OpenStoreFixture, withFixture } from '../store-fixture.js'

/** What one call moves, as uids in the order of their positions. */
async function movedBy(store: Store, call: () => Promise<unknown>): Promise<string[]> {
  const before = await store.position()
  await call()
  return (await store.changedSince(before, 1000)).map(({ uid }) => uid)
}

/** All changes after a place, in pages. */
async function readAll(store: Store, from: Position, limit: number) {
  const found = []
  for (let place = from; ; ) {
    const page = await store.changedSince(place, limit)
    found.push(...page)
    const last = page.at(-1)
    if (!last) return found
    place = { ...place, position: last.position }
  }
}

/** The order of visible changes. */
export function describePositions(open: OpenStoreFixture): void {
  describe('positions', () => {
    it(
      'position() is 0 in a new database, and each visible change moves exactly the messages that it changes',
      withFixture(open, async ({ store }) => {
        expect((await store.position()).position).toBe(0)
        const moved = (call: () => Promise<unknown>) => movedBy(store, call)
        expect(await moved(() => createAll(store, 'a', 'b', 'c'))).toEqual(['a', 'b', 'c'])
        expect(await moved(() => edit(store, 'a', 'x'))).toEqual(['a'])
        expect(await moved(() => edit(store, 'a', 'x'))).toEqual([])
        expect(await moved(() => publish(store, 'b 1', 'a 1', 'unknown 1'))).toEqual(['b', 'a'])
        expect(await moved(() => remove(store, 'c'))).toEqual(['c'])
        expect(await moved(() => remove(store, 'c'))).toEqual([])
        expect(await moved(() => store.quarantine('a', 'no'))).toEqual(['a'])
        expect(await moved(() => store.quarantine('b', 'no'))).toEqual([])
        expect(await moved(() => store.retryQuarantined())).toEqual(['a'])
        expect(await moved(() => store.markPending(['b', 'c']))).toEqual(['b'])
        expect(
          await moved(() => record(store, recordedVersion('d'), recordedVersion('d', { version: 2 }))),
        ).toEqual(['d'])
        expect(await moved(() => record(store, recordedVersion('d', { version: 2 })))).toEqual([])
        expect(await moved(() => store.settle({ cursor: CURSOR }))).toEqual([])
      }),
    )

    it(
      'a reaction and its deletion move the reaction and its message',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a', 'b')
        const reaction = (await movedBy(store, () => react(store, 'a', 'bob'))) as [string, string]
        expect(reaction[1]).toBe('a')
        expect(await movedBy(store, () => react(store, 'a', 'bob'))).toEqual([])
        expect(await movedBy(store, () => remove(store, reaction[0]))).toEqual(reaction)
      }),
    )

    it(
      'changedSince() lists each message once, as it is now, in pages of any size',
      withFixture(open, async ({ store }) => {
        const start = await store.position()
        await createAll(store, ...Array.from({ length: 30 }, (_, index) => `u${index}`))
        await settleAll(store, 'u3', 'u9')
        await edit(store, 'u1', 'x')
        await remove(store, 'u5')
        await react(store, 'u7', 'bob')
        const all = await readAll(store, start, 1000)
        expect(all).toHaveLength(31)
        expect(all.slice(-6, -2).map(({ uid }) => uid)).toEqual(['u3', 'u9', 'u1', 'u5'])
        expect(all.at(-1)?.uid).toBe('u7')
        expect(all.at(-1)?.position).toBe((await store.position()).position)
        expect(all).toEqual(await store.findMessages(all.map(({ uid }) => uid)).then(byPosition))
        for (const limit of [1, 7]) expect(await readAll(store, start, limit)).toEqual(all)
      }),
    )

    it(
      'countChangedSince() counts what changedSince() would list, up to a limit',
      withFixture(open, async ({ store }) => {
        const start = await store.position()
        await createAll(store, 'a', 'b', 'c')
        const place = await store.position()
        for (let count = 0; count < 3; count += 1) await edit(store, 'a', String(count))
        expect(await store.countChangedSince(start, 10)).toBe(3)
        expect(await store.countChangedSince(start, 2)).toBe(2)
        expect(await store.countChangedSince(place, 10)).toBe(1)
        expect(await store.countChangedSince(await store.position(), 10)).toBe(0)
        const cases: [Position, number, string][] = [
          [{ ...place, epoch: 'another' }, 1, 'epoch-changed'],
          [{ ...place, position: 100 }, 1, 'position-ahead'],
          [place, 0, 'invalid-argument'],
          [place, 10_001, 'invalid-argument'],
        ]
        for (const [from, most, code] of cases)
          await expect(store.countChangedSince(from, most)).rejects.toMatchObject({ code })
      }),
    )

    it(
      'changedSince() rejects a place of another epoch, one that is not reached, and an invalid one',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a')
        const place = await store.position()
        expect(await store.changedSince(place, 1)).toEqual([])
        const cases: [Position, number, string][] = [
          [{ ...place, epoch: 'another' }, 1, 'epoch-changed'],
          [{ ...place, position: place.position + 1 }, 1, 'position-ahead'],
          [{ ...place, position: -1 }, 1, 'invalid-argument'],
          [{ ...place, epoch: '' }, 1, 'invalid-argument'],
          [place, 0, 'invalid-argument'],
          [place, 1001, 'invalid-argument'],
        ]
        for (const [from, limit, code] of cases) {
          await expect(store.changedSince(from, limit)).rejects.toMatchObject({ name: 'StoreError', code })
        }
      }),
    )

    it(
      'resetSynchronization() changes the epoch, and keeps the positions',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a')
        await settleAll(store, 'a')
        const before = await store.position()
        await store.resetSynchronization()
        const after = await store.position()
        expect(after.epoch).not.toBe(before.epoch)
        expect(after.position).toBe(before.position)
        await expect(store.changedSince(before, 1)).rejects.toMatchObject({ code: 'epoch-changed' })
        expect(await store.changedSince({ ...after, position: 0 }, 10)).toEqual([
          await store.findMessage('a'),
        ])
      }),
    )

    it(
      'positions are the same for two stores, without gaps, and a reader that follows them misses nothing',
      withFixture(open, async ({ store, other }) => {
        const second = await other()
        let place = await store.position()
        const seen: number[] = []
        const writes = Array.from({ length: 120 }, (_, index) =>
          createAll(index % 2 ? store : second, `u${index}`),
        )
        const writing = Promise.all(writes)
        async function follow(): Promise<void> {
          const page = await store.changedSince(place, 10)
          seen.push(...page.map(({ position }) => position))
          place = { ...place, position: page.at(-1)?.position ?? place.position }
        }
        let isWriting = true
        const finished = writing.finally(() => {
          isWriting = false
        })
        while (isWriting) {
          await follow()
          await new Promise((resolve) => setImmediate(resolve))
        }
        await finished
        while (seen.length < 120) await follow()
        expect(seen).toEqual(Array.from({ length: 120 }, (_, index) => index + 1))
        expect(await second.position()).toEqual(await store.position())
      }),
    )
  })
}

const byPosition = <Message extends { readonly position: number }>(messages: readonly Message[]) =>
  messages.toSorted((one, other) => one.position - other.position)
