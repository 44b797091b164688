import { describe, expect, it } from 'vitest'
import {
  createAll,
  edit,
  minute,
  newMessage,
  outcomesOf,
  pendingVersions,
  publish,
  remove,
  reply,
} from '../messages.js'
import { type OpenStoreFixture, withFixture } from '../store-fixture.js'

/** Replacing messages by tombstones. */
export function describeDeleting(open: OpenStoreFixture): void {
  describe('deleting messages', () => {
    it(
      'deleteMessage() leaves a tombstone with the identity and the topic, and erases the text',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'root')
        const { message } = await reply(store, 'root', { uid: 'a', topic: 'deploys', format: 'markdown' })
        const tombstone = {
          ...message,
          content: '',
          format: 'plain',
          version: 2,
          updated_at: minute(20),
          updated_by: 'bob',
          deleted_at: minute(20),
          position: 3,
        }
        expect(await remove(store, 'a', { updated_by: 'bob' })).toEqual({ message: tombstone, changed: true })
        expect(await store.findMessage(2)).toEqual(tombstone)
        expect((await store.listMessages()).map(({ uid }) => uid)).toEqual(['root'])
        expect(await store.listMessages({ include: 'deleted' })).toEqual([tombstone])
      }),
    )

    it(
      'deleteMessage() erases the earlier versions, and drops the pending changes but for the tombstone',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a', 'b')
        await publish(store, 'a 1')
        await edit(store, 'a', 'x')
        await edit(store, 'a', 'y')
        await remove(store, 'a')
        expect(await pendingVersions(store)).toEqual(['b 1', 'a 4'])
        expect((await store.oldestChanges(10)).at(-1)?.message).toEqual(await store.findMessage('a'))
        expect(await store.listVersions('a')).toMatchObject([{ version: 4, content: '' }])
        expect(await store.findVersions([1, 2, 3].map((version) => ({ uid: 'a', version })))).toEqual([])
        expect(await store.scanVersions(0, 100)).toEqual([])
        expect(await store.summary()).toMatchObject({ pending: 2, quarantined: 0 })
      }),
    )

    it(
      'deleteMessage() drops the quarantined changes of a message that was never published, and makes its tombstone pending',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a')
        await store.quarantine('a', 'no')
        await remove(store, 'a')
        expect(await store.quarantinedChanges()).toEqual([])
        expect(await pendingVersions(store)).toEqual(['a 2'])
        expect(await store.findMessage('a')).toMatchObject({ synchronized_version: null })
        await publish(store, 'a 2')
        expect(await store.findMessage('a')).toMatchObject({ is_synchronized: true, synchronized_version: 2 })
        expect(await pendingVersions(store)).toEqual([])
      }),
    )

    it(
      'deleteMessage() changes nothing the second time, whatever version is expected, and resolves with null for an unknown message',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a')
        const first = await remove(store, 'a')
        const again = await remove(store, 1, { updated_at: minute(21), expected_version: 1 })
        expect(again).toEqual({ message: first?.message, changed: false })
        expect((await store.position()).position).toBe(2)
        expect(await remove(store, 'unknown')).toBeNull()
      }),
    )

    it(
      'deleteMessage() rejects another version than the expected one, an aborted signal and an invalid field',
      withFixture(open, async ({ store }) => {
        const [created] = await createAll(store, 'a')
        const controller = new AbortController()
        controller.abort()
        const calls = [
          remove(store, 'a', { expected_version: 2 }),
          remove(store, 'a', { signal: controller.signal }),
          remove(store, 'a', { updated_at: 'now' }),
          remove(store, -1),
        ]
        const codes = ['version-conflict', 'aborted', 'invalid-argument', 'invalid-argument']
        expect(await outcomesOf(calls)).toEqual(codes)
        expect(await store.findMessage('a')).toEqual(created?.message)
      }),
    )

    it(
      'deleteMessage() and editMessage() of the same moment take their turns',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a')
        const calls = [edit(store, 'a', 'x'), remove(store, 'a'), edit(store, 'a', 'y')]
        expect(await outcomesOf(calls)).toEqual(['created', 'created', 'deleted'])
        expect(await store.findMessage('a')).toMatchObject({ version: 3, content: '' })
      }),
    )

    it(
      'deleteMessage() leaves the replies, which keep their thread',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'root')
        await reply(store, 'root', { uid: 'a' })
        await reply(store, 'a', { uid: 'b' })
        await remove(store, 'root')
        expect((await store.listMessages({ thread: 'root' })).map(({ uid }) => uid)).toEqual(['b', 'a'])
        await store.createMessage(newMessage({ uid: 'c', reply_to: 'b' }))
        expect(await store.findMessage('c')).toMatchObject({ reply_to: 'b', thread: 'root' })
      }),
    )
  })
}
