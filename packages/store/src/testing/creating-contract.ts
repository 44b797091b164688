import { describe, expect, it } from 'vitest'
import type { NewMessage } from '../store.js'
import { createAll, outcomesOf } from './contract-messages.js'
import { newMessage } from './new-message.js'
import { type OpenStoreFixture, withFixture } from './store-fixture.js'

const UNUSABLE: [string, object][] = [
  ['a content with half a character', { content: 'x\ud800y' }],
  ['a sender that is a number', { sender: 5 }],
  ['a sender that is missing', { sender: undefined }],
  ['an empty uid', { uid: '' }],
  ['a uid with NUL', { uid: 'a\0' }],
  ['a time without milliseconds', { timestamp: '2025-01-09T00:06:41Z' }],
  ['a time of another zone', { created_at: '2025-01-09T00:06:41.000+01:00' }],
  ['a day that does not exist', { updated_at: '2025-02-30T00:00:00.000Z' }],
  ['an empty idempotency key', { idempotency: { key: '', fingerprint: 'f' } }],
]

/** Storing messages with their changes. */
export function describeCreating(open: OpenStoreFixture): void {
  describe('creating a message', () => {
    // Covers V2.3.3
    it(
      'stores it with its change, and gives it an id that its path can hold',
      withFixture(open, async ({ store }) => {
        const { path, ...fields } = newMessage({ path: (id) => `messages/00/${id}.json` })
        const { message, created } = await store.createMessage({ ...fields, path })

        const unsynchronized = { git_hash: null, is_synchronized: false }
        expect(created).toBe(true)
        expect(message).toEqual({
          ...fields,
          ...unsynchronized,
          id: 1,
          path: 'messages/00/1.json',
          origin_id: 1,
        })
        expect(await store.findMessage(1)).toEqual(message)
        expect(await store.oldestChanges(10)).toEqual([{ sequence: 1, message }])
      }),
    )

    it(
      'numbers calls made at the same time in their order, without gaps',
      withFixture(open, async ({ store }) => {
        const calls = Array.from({ length: 2_500 }, () => store.createMessage(newMessage()))
        const ids = (await Promise.all(calls)).map(({ message }) => message.id)
        expect(ids).toEqual(Array.from({ length: 2_500 }, (_, index) => index + 1))

        const changes = await store.oldestChanges(1_000)
        expect(changes.map(({ message }) => message.id)).toEqual(changes.map(({ sequence }) => sequence))
      }),
    )

    it(
      'fails only the caller whose uid is stored already or twice among those of one moment',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'stored')
        const calls = ['new', 'stored', 'new', 'newer'].map((uid) => store.createMessage(newMessage({ uid })))
        expect(await outcomesOf(calls)).toEqual(['created', 'duplicate-uid', 'duplicate-uid', 'created'])
        const uids = (await store.listMessages()).map(({ id, uid }) => `${id} ${uid}`)
        expect(uids).toEqual(['3 newer', '2 new', '1 stored'])
      }),
    )

    it(
      'fails only the caller whose path cannot be had',
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
      'stores nothing for a caller whose signal aborts before its turn, and leaves no gap',
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
      'keeps what was stored before the signal aborts',
      withFixture(open, async ({ store }) => {
        const controller = new AbortController()
        const { message } = await store.createMessage(newMessage({ signal: controller.signal }))
        controller.abort()
        expect(await store.findMessage(message.id)).toEqual(message)
      }),
    )

    it.each(['a\0b', '\ufeff\r\n\u202e', '\u{10ffff}', '', '  '])('gives text back as it was: %j', (text) =>
      withFixture(open, async ({ store }) => {
        const { message } = await store.createMessage(newMessage({ content: text, sender: text }))
        expect(await store.findMessage(message.id)).toMatchObject({ content: text, sender: text })
      })(),
    )

    // Covers IN-66
    it.each(UNUSABLE)('refuses what could not be given back: %s', (_, overrides) =>
      withFixture(open, async ({ store }) => {
        const call = store.createMessage(newMessage(overrides))
        await expect(call).rejects.toMatchObject({ name: 'StoreError', code: 'invalid-argument' })
        expect(await store.listMessages()).toEqual([])
      })(),
    )
  })
}
