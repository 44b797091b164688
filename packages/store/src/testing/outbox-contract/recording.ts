import { describe, expect, it } from 'vitest'
import type { Store } from '../../store.js'
import type { RecordedVersion } from '../../synchronization.js'
import {
  createAll,
  edit,
  minute,
  pendingVersions,
  publish,
  record,
  recordedVersion,
  remove,
} from '../messages.js'
import { type OpenStoreFixture, withFixture } from '../store-fixture.js'

/** The same version of a message of this database, as another server reads it. */
async function recordedFrom(
  store: Store,
  uid: string,
  fields: Partial<RecordedVersion> = {},
): Promise<RecordedVersion> {
  const message = await store.findMessage(uid)
  if (!message) throw new Error('the message is not stored')
  const { id, is_synchronized, thread, synchronized_version, position, ...rest } = message
  return { ...rest, git_hash: 'c8', ...fields }
}

const TOMBSTONE = { content: '', format: 'plain', deleted_at: minute(30), updated_at: minute(30) } as const

const contents = async (store: Store, uid: string) =>
  (await store.listVersions(uid)).map(({ version, content }) => `${version} ${content}`)

const CONTRADICTIONS: Partial<RecordedVersion>[] = [
  { sender: 'mallory' },
  { reply_to: 'b' },
  { timestamp: minute(9) },
  { created_at: minute(9) },
  { path: 'messages/other' },
  { origin_id: 99 },
  { format: 'reaction' },
]

/** The rule of the importer. */
export function describeRecording(open: OpenStoreFixture): void {
  describe('recording versions', () => {
    it(
      'settle() stores a message that is new, whatever its version, and later versions in the same settlement',
      withFixture(open, async ({ store }) => {
        const versions = [3, 4, 7].map((version) =>
          recordedVersion('a', { version, content: `text ${version}` }),
        )
        const tombstone = recordedVersion('b', { ...TOMBSTONE, version: 2 })
        expect(await record(store, ...versions, tombstone)).toEqual([
          'stored',
          'applied',
          'applied',
          'stored',
        ])
        expect(await store.findMessage('a')).toMatchObject({
          version: 7,
          synchronized_version: 7,
          content: 'text 7',
        })
        expect(await contents(store, 'a')).toEqual(['7 text 7', '4 text 4', '3 text 3'])
        expect((await store.listVersions('a')).every(({ is_synchronized }) => is_synchronized)).toBe(true)
        expect(await store.findMessage('b')).toMatchObject({ deleted_at: minute(30), is_synchronized: true })
        expect(await pendingVersions(store)).toEqual([])
        expect((await store.summary()).last_synchronized_at).toBeNull()
      }),
    )

    it(
      'settle() settles a pending version that is recorded, and drops the pending ones before it',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a')
        await edit(store, 'a', 'x')
        const second = await recordedFrom(store, 'a')
        await edit(store, 'a', 'y')
        expect(await record(store, second)).toEqual(['settled'])
        expect(await contents(store, 'a')).toEqual(['3 y', '2 x'])
        expect(await store.findMessage('a')).toMatchObject({
          synchronized_version: 2,
          is_synchronized: false,
        })
        expect((await store.listVersions('a'))[1]).toMatchObject({ git_hash: 'c8' })
        expect(await pendingVersions(store)).toEqual(['a 3'])
        expect((await store.summary()).last_synchronized_at).not.toBeNull()
      }),
    )

    it(
      'settle() renumbers pending versions to follow one that was made elsewhere, with their idempotency keys',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a')
        await publish(store, 'a 1')
        const idempotency = { key: 'edit-1', fingerprint: 'f' }
        await edit(store, 'a', 'x', { idempotency })
        await edit(store, 'a', 'y')
        await store.quarantine('a', 'no', { version: 2 })
        const other = await recordedFrom(store, 'a', { version: 2, content: 'elsewhere' })
        const later = { ...other, version: 3, content: 'elsewhere again' }
        expect(await record(store, other, later)).toEqual(['applied', 'applied'])
        expect(await contents(store, 'a')).toEqual([
          '5 y',
          '4 x',
          '3 elsewhere again',
          '2 elsewhere',
          '1 hello',
        ])
        expect(await store.findMessage('a')).toMatchObject({
          version: 5,
          content: 'y',
          synchronized_version: 3,
        })
        expect(await pendingVersions(store)).toEqual(['a 5'])
        expect((await store.quarantinedChanges())[0]?.message).toMatchObject({ version: 4, content: 'x' })
        const repeated = await edit(store, 'a', 'x', { idempotency })
        expect(repeated).toMatchObject({ changed: false, message: { version: 4, content: 'x' } })
      }),
    )

    it(
      'settle() makes a version that was made elsewhere the current one if nothing is pending',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a')
        await publish(store, 'a 1')
        const fields = {
          content: 'elsewhere',
          format: 'markdown',
          topic: 'deploys',
          updated_by: 'bob',
        } as const
        const other = await recordedFrom(store, 'a', { version: 2, ...fields, updated_at: minute(5) })
        expect(await record(store, other)).toEqual(['applied'])
        expect(await store.findMessage('a')).toMatchObject({
          ...other,
          synchronized_version: 2,
          is_synchronized: true,
        })
        expect(await contents(store, 'a')).toEqual(['2 elsewhere', '1 hello'])
        expect((await store.listVersions('a'))[1]).toMatchObject({ git_hash: 'c of a 1' })
      }),
    )

    it(
      'settle() drops pending edits at a recorded tombstone, and erases the text',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a')
        await publish(store, 'a 1')
        await edit(store, 'a', 'x')
        await edit(store, 'a', 'y')
        const tombstone = await recordedFrom(store, 'a', { ...TOMBSTONE, version: 2 })
        expect(await record(store, tombstone)).toEqual(['applied'])
        expect(await store.findMessage('a')).toMatchObject({ ...tombstone, is_synchronized: true })
        expect(await contents(store, 'a')).toEqual(['2 '])
        expect(await pendingVersions(store)).toEqual([])
      }),
    )

    it(
      'settle() lets a pending tombstone follow a version that was made elsewhere, whose text is not stored',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a')
        await publish(store, 'a 1')
        const other = await recordedFrom(store, 'a', { version: 2, content: 'elsewhere' })
        await edit(store, 'a', 'x')
        await remove(store, 'a')
        expect(await record(store, other, { ...other, version: 3 })).toEqual(['applied', 'applied'])
        expect(await pendingVersions(store)).toEqual(['a 4'])
        expect(await contents(store, 'a')).toEqual(['4 '])
        expect(await store.findMessage('a')).toMatchObject({
          synchronized_version: 3,
          deleted_at: minute(20),
        })
        expect(await record(store, { ...other, version: 3 })).toEqual(['known'])
      }),
    )

    it(
      'settle() takes nothing that is known, outdated, or after a tombstone',
      withFixture(open, async ({ store }) => {
        const first = recordedVersion('a')
        const second = { ...first, version: 2, content: 'x' }
        await record(store, first, second, recordedVersion('b', { ...TOMBSTONE, version: 2 }))
        const before = await store.position()
        const repeated = [second, first, { ...first, content: 'y' }, { ...second, content: 'y' }]
        expect(await record(store, ...repeated)).toEqual(['known', 'outdated', 'outdated', 'conflict'])
        const afterTombstone = [2, 3].map((version) => recordedVersion('b', { version }))
        expect(await record(store, ...afterTombstone)).toEqual(['conflict', 'conflict'])
        expect(await record(store, recordedVersion('b', { ...TOMBSTONE, version: 3 }))).toEqual(['conflict'])
        expect(await store.changedSince(before, 10)).toEqual([])
      }),
    )

    it.each(CONTRADICTIONS)('settle() takes no version that contradicts what never changes: %j', (fields) =>
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a', 'b')
        const before = await store.findMessage('a')
        const contradiction = await recordedFrom(store, 'a', { version: 2, content: '👍', ...fields })
        expect(await record(store, contradiction)).toEqual(['conflict'])
        expect(await store.findMessage('a')).toEqual(before)
      })(),
    )

    it(
      'settle() forgets a version of a lost history for another one of its number, and keeps those that are newer',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a')
        const first = await recordedFrom(store, 'a')
        for (const content of ['x', 'y']) await edit(store, 'a', content)
        await publish(store, 'a 1', 'a 2', 'a 3')
        await edit(store, 'a', 'new')
        await store.resetSynchronization()
        expect(await pendingVersions(store)).toEqual(['a 1', 'a 2', 'a 3', 'a 4'])
        const other = { ...first, version: 2, content: 'elsewhere' }
        expect(await record(store, first, other)).toEqual(['settled', 'applied'])
        expect(await contents(store, 'a')).toEqual(['4 new', '3 y', '2 elsewhere', '1 hello'])
        expect(await pendingVersions(store)).toEqual(['a 3', 'a 4'])
      }),
    )

    it(
      'settle() forgets a pending first version if a later one was made elsewhere, on top of it',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a')
        const later = await recordedFrom(store, 'a', { version: 2, content: 'elsewhere' })
        await edit(store, 'a', 'new')
        expect(await record(store, later)).toEqual(['applied'])
        expect(await contents(store, 'a')).toEqual(['3 new', '2 elsewhere'])
        expect(await pendingVersions(store)).toEqual(['a 3'])
      }),
    )

    it(
      'settle() forgets the current version if it was in a lost history and is not newer',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a')
        const first = await recordedFrom(store, 'a')
        await edit(store, 'a', 'lost')
        await publish(store, 'a 1', 'a 2')
        await store.resetSynchronization()
        const other = { ...first, version: 2, content: 'elsewhere' }
        expect(await record(store, first, other)).toEqual(['settled', 'applied'])
        expect(await contents(store, 'a')).toEqual(['2 elsewhere', '1 hello'])
        expect(await pendingVersions(store)).toEqual([])
      }),
    )
  })
}
