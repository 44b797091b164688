import { describe, expect, it } from 'vitest'
import type { NewMessage } from '../../stored-message.js'
import { createAll, FIRST_VERSION, newMessage, outcomesOf } from '../messages.js'
import { type OpenStoreFixture, withFixture } from '../store-fixture.js'

const INVALID_FIELDS: [string, object][] = [
  ['content with a lone surrogate', { content: 'x\ud800y' }],
  ['content with NUL', { content: 'a\0b' }],
  ['a sender with NUL', { sender: 'a\0b' }],
  ['a number as sender', { sender: 5 }],
  ['no sender', { sender: undefined }],
  ['an empty uid', { uid: '' }],
  ['a uid with NUL', { uid: 'a\0' }],
  ['a time without milliseconds', { timestamp: '2025-01-09T00:06:41Z' }],
  ['a time in another time zone', { created_at: '2025-01-09T00:06:41.000+01:00' }],
  ['a day that does not exist', { updated_at: '2025-02-30T00:00:00.000Z' }],
  ['an empty idempotency key', { idempotency: { key: '', fingerprint: 'f' } }],
]

/** Storing messages with their changes. */
export function describeCreating(open: OpenStoreFixture): void {
  describe('creating messages', () => {
    // Covers V2.3.3
    it(
      'createMessage() stores a message with its change, and passes the new id to its path',
      withFixture(open, async ({ store }) => {
        const { path, ...fields } = newMessage({ path: (id) => `messages/00/${id}.json` })
        const { message, created } = await store.createMessage({ ...fields, path })

        expect(created).toBe(true)
        expect(message).toEqual({
          ...fields,
          ...FIRST_VERSION,
          id: 1,
          path: 'messages/00/1.json',
          origin_id: 1,
          position: 1,
        })
        expect(await store.findMessage(1)).toEqual(message)
        expect(await store.oldestChanges(10)).toMatchObject([{ sequence: 1, message }])
      }),
    )

    it(
      'createMessage() numbers concurrent calls in their order, without gaps',
      withFixture(open, async ({ store }) => {
        const calls = Array.from({ length: 2_500 }, () => store.createMessage(newMessage()))
        const ids = (await Promise.all(calls)).map(({ message }) => message.id)
        expect(ids).toEqual(Array.from({ length: 2_500 }, (_, index) => index + 1))

        const changes = await store.oldestChanges(1_000)
        expect(changes.map(({ message }) => message.id)).toEqual(changes.map(({ sequence }) => sequence))
      }),
    )

    it(
      'createMessage() rejects a uid that is stored or used by a concurrent call, and no other call',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'stored')
        const calls = ['new', 'stored', 'new', 'newer'].map((uid) => store.createMessage(newMessage({ uid })))
        expect(await outcomesOf(calls)).toEqual(['created', 'duplicate-uid', 'duplicate-uid', 'created'])
        const uids = (await store.listMessages()).map(({ id, uid }) => `${id} ${uid}`)
        expect(uids).toEqual(['3 newer', '2 new', '1 stored'])
      }),
    )

    it(
      'createMessage() rejects a message whose path throws or is empty, and no concurrent call',
      withFixture(open, async ({ store }) => {
        const broken = () => {
          throw new Error('no path')
        }
        const paths: (NewMessage['path'] | undefined)[] = [broken, undefined, () => '']
        const calls = paths.map((path) => store.createMessage(newMessage(path && { path })))
        expect(await outcomesOf(calls)).toEqual(['invalid-argument', 'created', 'invalid-argument'])
        expect((await store.listMessages()).map(({ id }) => id)).toEqual([1])
      }),
    )

    it(
      'createMessage() stores nothing if its signal aborts before its turn, and leaves no gap in the ids',
      withFixture(open, async ({ store }) => {
        const controller = new AbortController()
        const { signal } = controller
        const calls = [newMessage(), newMessage({ signal }), newMessage()].map(store.createMessage)
        controller.abort()
        expect(await outcomesOf(calls)).toEqual(['created', 'aborted', 'created'])
        expect((await store.listMessages()).map(({ id }) => id)).toEqual([2, 1])
      }),
    )

    it(
      'createMessage() keeps a message that was stored before its signal aborts',
      withFixture(open, async ({ store }) => {
        const controller = new AbortController()
        const { message } = await store.createMessage(newMessage({ signal: controller.signal }))
        controller.abort()
        expect(await store.findMessage(message.id)).toEqual(message)
      }),
    )

    it.each(['\ufeff\r\n\u202e', '\u{10ffff}', '', '  '])(
      'createMessage() keeps content and sender unchanged: %j',
      (text) =>
        withFixture(open, async ({ store }) => {
          const { message } = await store.createMessage(newMessage({ content: text, sender: text }))
          expect(await store.findMessage(message.id)).toMatchObject({ content: text, sender: text })
        })(),
    )

    // Covers IN-66
    it.each(INVALID_FIELDS)('createMessage() rejects an invalid field and stores nothing: %s', (_, fields) =>
      withFixture(open, async ({ store }) => {
        const call = store.createMessage(newMessage(fields))
        await expect(call).rejects.toMatchObject({ name: 'StoreError', code: 'invalid-argument' })
        expect(await store.listMessages()).toEqual([])
      })(),
    )
  })
}
