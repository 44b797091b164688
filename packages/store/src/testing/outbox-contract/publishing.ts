import { describe, expect, it } from 'vitest'
import { CURSOR, createAll, edit, pendingVersions, publish, remove, settleAll } from '../messages.js'
import { type OpenStoreFixture, withFixture } from '../store-fixture.js'

/** Settling versions that were published. */
export function describePublishing(open: OpenStoreFixture): void {
  describe('publishing versions', () => {
    it(
      'settle() marks a version that is not the current one any more, and leaves the later ones pending',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a')
        await edit(store, 'a', 'x')
        await edit(store, 'a', 'y')
        await publish(store, 'a 1')
        expect(await store.findMessage('a')).toMatchObject({
          version: 3,
          git_hash: null,
          is_synchronized: false,
          synchronized_version: 1,
        })
        expect((await store.listVersions('a')).map(({ git_hash }) => git_hash)).toEqual([
          null,
          null,
          'c of a 1',
        ])
        expect(await pendingVersions(store)).toEqual(['a 2', 'a 3'])
        expect((await store.oldestChanges(1))[0]?.message).toMatchObject({
          content: 'x',
          synchronized_version: 1,
        })

        await publish(store, 'a 2', 'a 3')
        expect(await store.findMessage('a')).toMatchObject({ git_hash: 'c of a 3', synchronized_version: 3 })
        const hashes = ['c of a 3', 'c of a 2', 'c of a 1']
        expect((await store.listVersions('a')).map(({ git_hash }) => git_hash)).toEqual(hashes)
        expect((await store.summary()).pending).toBe(0)
      }),
    )

    it(
      'settle() drops the pending and the quarantined versions before the one that was published',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a', 'b')
        await edit(store, 'a', 'x')
        await edit(store, 'a', 'y')
        await store.quarantine('a', 'no', { version: 1 })
        await publish(store, 'a 3')
        expect((await store.listVersions('a')).map(({ version }) => version)).toEqual([3])
        expect(await pendingVersions(store)).toEqual(['b 1'])
        expect(await store.summary()).toMatchObject({ pending: 1, quarantined: 0 })
      }),
    )

    it(
      'settle() takes the versions of a message in any order, and the last commit of one that is given twice',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a', 'b')
        await edit(store, 'a', 'x')
        const versions = [
          ['a', 2, 'c1'],
          ['a', 1, 'c2'],
          ['b', 1, 'c3'],
          ['b', 1, 'c4'],
        ] as const
        const published = versions.map(([uid, version, git_hash]) => ({ uid, version, git_hash }))
        await store.settle({ published, cursor: CURSOR })
        expect(await store.findMessage('a')).toMatchObject({ git_hash: 'c1', synchronized_version: 2 })
        expect((await store.listVersions('a'))[1]).toMatchObject({ version: 1, git_hash: 'c2' })
        expect(await store.findMessage('b')).toMatchObject({ git_hash: 'c4' })
        expect(await pendingVersions(store)).toEqual([])
        const ordered = await store.changedSince({ ...(await store.position()), position: 0 }, 10)
        expect(ordered.map(({ uid }) => uid)).toEqual(['a', 'b'])
      }),
    )

    it(
      'settle() keeps the tombstone of a message pending that was deleted while a version of it was published',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a')
        await edit(store, 'a', 'x')
        await remove(store, 'a')
        await publish(store, 'a 1', 'a 2')
        expect(await pendingVersions(store)).toEqual(['a 3'])
        const tombstone = { content: '', version: 3, is_synchronized: false, synchronized_version: 2 }
        expect(await store.findMessage('a')).toMatchObject(tombstone)
        expect(await store.listVersions('a')).toHaveLength(1)
        await settleAll(store, 'a')
        expect(await store.findMessage('a')).toMatchObject({ is_synchronized: true, synchronized_version: 3 })
      }),
    )

    it(
      'oldestChanges() lists every pending version in its own state, and pages through them',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a', 'b')
        await edit(store, 'a', 'x', { topic: 'deploys', updated_by: 'bob' })
        await edit(store, 'b', 'y')
        expect(await pendingVersions(store)).toEqual(['a 1', 'b 1', 'a 2', 'b 2'])
        const changes = await store.oldestChanges(10)
        expect(changes[0]?.message).toMatchObject({
          content: 'hello',
          topic: null,
          updated_by: null,
          version: 1,
        })
        expect(changes[2]?.message).toEqual(await store.findMessage('a'))

        for (const limit of [1, 3]) {
          const paged = []
          for (let page = await store.oldestChanges(limit); page.length > 0; ) {
            paged.push(...page)
            page = await store.oldestChanges(limit, page.at(-1))
          }
          expect(paged).toEqual(changes)
        }
      }),
    )

    it(
      'quarantine() holds back one version or all of a message, and retryQuarantined() returns all of them',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a', 'b')
        await edit(store, 'a', 'x')
        await edit(store, 'a', 'y')
        await store.quarantine('a', 'first', { version: 2 })
        expect(await pendingVersions(store)).toEqual(['a 1', 'b 1', 'a 3'])
        expect((await store.quarantinedChanges())[0]?.message).toMatchObject({ version: 2, content: 'x' })
        expect(await store.quarantineReason('a')).toBe('first')
        await store.quarantine('a', 'all')
        expect(await pendingVersions(store)).toEqual(['b 1'])
        expect(await store.summary()).toMatchObject({ pending: 1, quarantined: 3 })
        expect((await store.quarantinedChanges()).map(({ reason }) => reason)).toEqual(['all', 'all', 'all'])
        expect(await store.retryQuarantined(['a'])).toBe(3)
        expect(await pendingVersions(store)).toEqual(['a 1', 'b 1', 'a 2', 'a 3'])
      }),
    )

    it.each([{ version: -1 }, { version: 1.5 }, { git_hash: '' }, { uid: '' }])(
      'settle() rejects an invalid published version: %j',
      (fields) =>
        withFixture(open, async ({ store }) => {
          const published = [{ uid: 'a', version: 1, git_hash: 'c1', ...fields }]
          await expect(store.settle({ published, cursor: CURSOR })).rejects.toMatchObject({
            code: 'invalid-argument',
          })
        })(),
    )
  })
}
