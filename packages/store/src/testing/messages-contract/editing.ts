import { describe, expect, it } from 'vitest'
import type { MessageEdit } from '../../stored-message.js'
import {
  createAll,
  edit,
  minute,
  newMessage,
  outcomesOf,
  pendingVersions,
  publish,
  react,
  remove,
} from '../messages.js'
import { type OpenStoreFixture, withFixture } from '../store-fixture.js'

const INVALID_EDITS: [string, object][] = [
  ['content with a lone surrogate', { content: 'x\ud800y' }],
  ['a number as content', { content: 5 }],
  ['the format of a reaction', { format: 'reaction' }],
  ['an unknown format', { format: 'html' }],
  ['an empty topic', { topic: '' }],
  ['a time without milliseconds', { updated_at: '2025-01-09T00:06:41Z' }],
  ['an empty editor', { updated_by: '' }],
  ['a negative version', { expected_version: -1 }],
  ['no key', { key: undefined }],
  ['an empty idempotency key', { idempotency: { key: '', fingerprint: 'f' } }],
]

/** Storing new versions of messages. */
export function describeEditing(open: OpenStoreFixture): void {
  describe('editing messages', () => {
    // Covers V2.3.3
    it(
      'editMessage() stores the next version with its change, and keeps the one before',
      withFixture(open, async ({ store }) => {
        const { message } = await store.createMessage(newMessage({ uid: 'a', content: 'first' }))
        const fields = { content: 'second', format: 'markdown', topic: 'deploys' } as const
        const edited = {
          ...message,
          ...fields,
          version: 2,
          updated_at: minute(10),
          updated_by: 'bob',
          position: 2,
        }
        const result = await edit(store, 1, 'second', { ...fields, updated_by: 'bob' })
        expect(result).toEqual({ message: edited, changed: true })
        expect(await store.findMessage('a')).toEqual(edited)

        const changes = await store.oldestChanges(10)
        expect(changes.map((change) => change.message)).toEqual([{ ...message, position: 2 }, edited])
        expect(await store.listVersions('a')).toMatchObject([
          { version: 2, ...fields, updated_by: 'bob' },
          { version: 1, content: 'first', format: 'plain', topic: null, updated_by: null },
        ])
      }),
    )

    it(
      'editMessage() keeps the fields that are not given, and removes a topic that is null',
      withFixture(open, async ({ store }) => {
        await store.createMessage(newMessage({ uid: 'a', topic: 'deploys', format: 'markdown' }))
        expect(await edit(store, 'a', 'x')).toMatchObject({
          message: { topic: 'deploys', format: 'markdown' },
        })
        const withoutTopic = await store.editMessage({ key: 'a', topic: null, updated_at: minute(11) })
        expect(withoutTopic).toMatchObject({ message: { content: 'x', topic: null, version: 3 } })
      }),
    )

    it(
      'editMessage() makes a synchronized message pending, and keeps the commit of the version before',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a')
        await publish(store, 'a 1')
        const result = await edit(store, 'a', 'x')
        const unsynchronized = { git_hash: null, is_synchronized: false, synchronized_version: 1 }
        expect(result?.message).toMatchObject(unsynchronized)
        expect(await store.findMessage('a')).toEqual(result?.message)
        expect(await pendingVersions(store)).toEqual(['a 2'])
        expect(await store.listVersions('a')).toMatchObject([
          { version: 2, git_hash: null, is_synchronized: false },
          { version: 1, git_hash: 'c of a 1', is_synchronized: true },
        ])
      }),
    )

    it(
      'editMessage() stores no version if nothing changes',
      withFixture(open, async ({ store }) => {
        const [created] = await createAll(store, 'a')
        const same: MessageEdit = {
          key: 'a',
          content: 'hello',
          format: 'plain',
          topic: null,
          updated_at: minute(10),
        }
        for (const one of [same, { key: 1, updated_at: minute(11) }]) {
          expect(await store.editMessage(one)).toEqual({ message: created?.message, changed: false })
        }
        expect(await store.findMessage('a')).toEqual(created?.message)
        expect((await store.position()).position).toBe(1)
        expect(await pendingVersions(store)).toEqual(['a 1'])
      }),
    )

    it(
      'editMessage() resolves with null for an unknown message, and rejects for a deleted one and a reaction',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a', 'b')
        const { message } = await react(store, 'a', 'bob')
        await remove(store, 'b')
        expect(await edit(store, 'unknown', 'x')).toBeNull()
        expect(await edit(store, 99, 'x')).toBeNull()
        await expect(edit(store, 'b', 'x')).rejects.toMatchObject({ code: 'deleted' })
        await expect(edit(store, message.id, '🎉')).rejects.toMatchObject({ code: 'not-editable' })
        expect(await store.findMessage(message.id)).toEqual(message)
      }),
    )

    it(
      'editMessage() rejects another version than the expected one, and changes nothing',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a')
        await edit(store, 'a', 'x', { expected_version: 1 })
        const stale = edit(store, 'a', 'y', { expected_version: 1 })
        await expect(stale).rejects.toMatchObject({ name: 'StoreError', code: 'version-conflict' })
        expect(await store.findMessage('a')).toMatchObject({ content: 'x', version: 2 })
      }),
    )

    it(
      'editMessage() of concurrent calls that expect the same version succeeds once, from two stores',
      withFixture(open, async ({ store, other }) => {
        await createAll(store, 'a')
        const stores = [store, await other()]
        const calls = Array.from({ length: 20 }, (_, index) =>
          edit(stores[index % 2] ?? store, 'a', `x ${index}`, { expected_version: 1 }),
        )
        const outcomes = await outcomesOf(calls)
        expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1)
        expect(outcomes.filter((outcome) => outcome === 'version-conflict')).toHaveLength(19)
        expect(await store.findMessage('a')).toMatchObject({ version: 2 })
      }),
    )

    it(
      'editMessage() numbers concurrent edits without gaps, and a call that fails does not affect the others',
      withFixture(open, async ({ store }) => {
        const controller = new AbortController()
        controller.abort()
        await createAll(store, 'a')
        const calls = Array.from({ length: 250 }, (_, index) =>
          edit(store, 'a', `x ${index}`, index === 7 ? { signal: controller.signal } : {}),
        )
        const outcomes = await outcomesOf(calls)
        expect(outcomes.filter((outcome) => outcome !== 'created')).toEqual(['aborted'])
        const versions = await store.listVersions('a', { limit: 1000 })
        expect(versions.map(({ version }) => version)).toEqual(Array.from({ length: 250 }, (_, n) => 250 - n))
        expect(versions.map(({ content }) => content)).not.toContain('x 7')
      }),
    )

    it.each(INVALID_EDITS)('editMessage() rejects an invalid field and changes nothing: %s', (_, fields) =>
      withFixture(open, async ({ store }) => {
        const [created] = await createAll(store, 'a')
        const call = edit(store, 'a', 'x', fields)
        await expect(call).rejects.toMatchObject({ name: 'StoreError', code: 'invalid-argument' })
        expect(await store.findMessage('a')).toEqual(created?.message)
      })(),
    )
  })
}
