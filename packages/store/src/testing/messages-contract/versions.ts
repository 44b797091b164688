import { describe, expect, it } from 'vitest'
import type { Store } from '../../store.js'
import { createAll, edit, minute, publish, remove } from '../messages.js'
import { type OpenStoreFixture, withFixture } from '../store-fixture.js'

async function createEdited(store: Store): Promise<void> {
  await createAll(store, 'a', 'b')
  await publish(store, 'a 1')
  for (let version = 2; version <= 5; version += 1) {
    await edit(store, 'a', `text ${version}`, { updated_at: minute(version) })
  }
  await edit(store, 'b', 'other')
}

const numbers = (versions: readonly { readonly version: number }[]) => versions.map(({ version }) => version)

/** Reading the versions of messages. */
export function describeVersions(open: OpenStoreFixture): void {
  describe('versions', () => {
    it(
      'listVersions() lists the versions of a message in pages, newest first, the current one included',
      withFixture(open, async ({ store }) => {
        await createEdited(store)
        for (const key of ['a', 1]) expect(numbers(await store.listVersions(key))).toEqual([5, 4, 3, 2, 1])
        expect(numbers(await store.listVersions('a', { limit: 2 }))).toEqual([5, 4])
        expect(numbers(await store.listVersions('a', { limit: 2, before: 4 }))).toEqual([3, 2])
        expect(numbers(await store.listVersions('a', { limit: 2, before: 2 }))).toEqual([1])
        expect(numbers(await store.listVersions('a', { before: 1 }))).toEqual([])
        expect(await store.listVersions('unknown')).toEqual([])
        expect(await store.listVersions('a', { limit: 1, before: 5 })).toEqual([
          {
            version: 4,
            content: 'text 4',
            format: 'plain',
            topic: null,
            updated_at: minute(4),
            updated_by: null,
            git_hash: null,
            is_synchronized: false,
          },
        ])
      }),
    )

    it(
      'listVersions() has the tombstone only of a deleted message',
      withFixture(open, async ({ store }) => {
        await createEdited(store)
        await remove(store, 'a')
        expect(numbers(await store.listVersions('a'))).toEqual([6])
      }),
    )

    it(
      'findVersions() finds earlier versions by uid and number, and neither current nor unknown ones',
      withFixture(open, async ({ store }) => {
        await createEdited(store)
        const wanted = [
          ['a', 1],
          ['a', 3],
          ['a', 5],
          ['a', 9],
          ['b', 1],
          ['c', 1],
        ] as const
        const found = await store.findVersions(wanted.map(([uid, version]) => ({ uid, version })))
        const sorted = found.sort((one, other) => one.number - other.number)
        expect(sorted).toMatchObject([
          {
            uid: 'a',
            message_id: 1,
            version: 1,
            content: 'hello',
            git_hash: 'c of a 1',
            is_synchronized: true,
          },
          { uid: 'a', message_id: 1, version: 3, content: 'text 3', git_hash: null, is_synchronized: false },
          { uid: 'b', message_id: 2, version: 1 },
        ])
        expect(Object.keys(sorted[0] ?? {}).sort()).toEqual(
          [...Object.keys((await store.listVersions('a'))[0] ?? {}), 'message_id', 'number', 'uid'].sort(),
        )
        expect(await store.findVersions([])).toEqual([])
      }),
    )

    it(
      'scanVersions() lists all earlier versions in pages',
      withFixture(open, async ({ store }) => {
        await createEdited(store)
        const all = await store.scanVersions(0, 1000)
        expect(all.map(({ message_id, version }) => `${message_id} ${version}`)).toEqual([
          '1 1',
          '1 2',
          '1 3',
          '1 4',
          '2 1',
        ])
        const first = await store.scanVersions(0, 2)
        const second = await store.scanVersions(first.at(-1)?.number ?? 0, 3)
        expect([...first, ...second]).toEqual(all)
        expect(await store.scanVersions(all.at(-1)?.number ?? 0, 10)).toEqual([])
      }),
    )

    it(
      'the methods for versions reject an invalid page, key and version',
      withFixture(open, async ({ store }) => {
        const calls = [
          store.listVersions('a', { limit: 0 }),
          store.listVersions('a', { limit: 1001 }),
          store.listVersions('a', { before: -1 }),
          store.listVersions(1.5),
          store.scanVersions(-1, 1),
          store.scanVersions(0, 1001),
          store.findVersions([{ uid: '', version: 1 }]),
          store.findVersions([{ uid: 'a', version: 1.5 }]),
          store.findVersions(Array(10_001).fill({ uid: 'a', version: 1 })),
        ]
        for (const call of calls) await expect(call).rejects.toMatchObject({ code: 'invalid-argument' })
      }),
    )
  })
}
