import { describe, expect, it } from 'vitest'
import { createAll, edit, newMessage, outcomesOf, publish, remove } from '../messages.js'
import { type OpenStoreFixture, START_MS, withFixture } from '../store-fixture.js'

const DAY_MS = 24 * 60 * 60 * 1000
const idempotency = { key: 'order-7', fingerprint: 'abc' }

/** Repeated calls with an idempotency key. */
export function describeIdempotency(open: OpenStoreFixture): void {
  describe('idempotency keys', () => {
    // Covers IN-60
    it(
      'an idempotency key makes 100 concurrent calls resolve with one message',
      withFixture(open, async ({ store }) => {
        const calls = Array.from({ length: 100 }, () => store.createMessage(newMessage({ idempotency })))
        const results = await Promise.all(calls)
        expect(results.filter(({ created }) => created)).toHaveLength(1)
        expect(new Set(results.map(({ message }) => JSON.stringify(message))).size).toBe(1)
        expect(await store.listMessages()).toHaveLength(1)
      }),
    )

    it(
      'an idempotency key returns the message in its current state, also after a restart',
      withFixture(open, async ({ store, other }) => {
        const { message } = await store.createMessage(newMessage({ idempotency }))
        const published = [{ uid: message.uid, version: 1, git_hash: 'a1' }]
        await store.settle({ published, cursor: { commit: 'a1', format: 1 } })

        const restarted = await other()
        expect(await restarted.createMessage(newMessage({ idempotency }))).toEqual({
          message: {
            ...message,
            git_hash: 'a1',
            is_synchronized: true,
            synchronized_version: 1,
            position: 2,
          },
          created: false,
        })
      }),
    )

    it(
      'an idempotency key with another fingerprint rejects only that call, concurrent or later',
      withFixture(open, async ({ store }) => {
        const reused = { ...idempotency, fingerprint: 'xyz' }
        const messages = [{ idempotency }, { idempotency: reused }, {}].map(newMessage)
        const code = 'idempotency-key-reused'
        expect(await outcomesOf(messages.map(store.createMessage))).toEqual(['created', code, 'created'])
        const later = store.createMessage(newMessage({ idempotency: reused }))
        await expect(later).rejects.toMatchObject({ code })
      }),
    )

    it(
      'an idempotency key is still unused after its call has failed',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'taken')
        const messages = [{ uid: 'taken', idempotency }, { idempotency }].map(newMessage)
        expect(await outcomesOf(messages.map(store.createMessage))).toEqual(['duplicate-uid', 'created'])
      }),
    )

    it(
      'an idempotency key is kept for at least 24 hours',
      withFixture(open, async ({ store }, setTime) => {
        await store.createMessage(newMessage({ idempotency }))
        setTime(START_MS + DAY_MS)
        await store.createMessage(newMessage({ idempotency: { key: 'order-8', fingerprint: 'abc' } }))
        expect(await store.createMessage(newMessage({ idempotency }))).toMatchObject({ created: false })
      }),
    )

    it(
      'an idempotency key makes a repeated edit resolve with its version, also after later edits and a restart',
      withFixture(open, async ({ store, other }) => {
        await createAll(store, 'a', 'b')
        const first = await edit(store, 'a', 'x', { idempotency })
        expect(first).toMatchObject({ changed: true, message: { version: 2 } })
        await edit(store, 'a', 'y')
        await publish(store, 'a 1', 'a 2')
        const restarted = await other()
        const repeated = await edit(restarted, 1, 'x', { idempotency, expected_version: 1 })
        const fields = { version: 2, content: 'x', git_hash: 'c of a 2', is_synchronized: true }
        expect(repeated).toMatchObject({ changed: false, message: { uid: 'a', ...fields } })
        expect(await store.findMessage('a')).toMatchObject({ version: 3, content: 'y' })
      }),
    )

    it(
      'an idempotency key of an edit that changed nothing resolves with the version of that time',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a')
        expect(await edit(store, 'a', 'hello', { idempotency })).toMatchObject({ changed: false })
        await edit(store, 'a', 'x')
        const repeated = await edit(store, 'a', 'hello', { idempotency })
        expect(repeated).toMatchObject({ changed: false, message: { version: 1, content: 'hello' } })
        expect(await store.findMessage('a')).toMatchObject({ version: 2, content: 'x' })
      }),
    )

    it(
      'an idempotency key makes 20 concurrent edits store one version',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a')
        const calls = Array.from({ length: 20 }, () => edit(store, 'a', 'x', { idempotency }))
        const results = await Promise.all(calls)
        expect(results.filter((result) => result?.changed)).toHaveLength(1)
        expect(await store.findMessage('a')).toMatchObject({ version: 2 })
      }),
    )

    it(
      'an idempotency key belongs to one call and one message',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a', 'b')
        await edit(store, 'a', 'x', { idempotency })
        await store.createMessage(newMessage({ idempotency: { ...idempotency, key: 'post' } }))
        const calls = [
          edit(store, 'b', 'x', { idempotency }),
          edit(store, 'a', 'y', { idempotency: { ...idempotency, fingerprint: 'xyz' } }),
          edit(store, 'a', 'x', { idempotency: { ...idempotency, key: 'post' } }),
          store.createMessage(newMessage({ idempotency })),
        ]
        expect(await outcomesOf(calls)).toEqual(Array(4).fill('idempotency-key-reused'))
        expect(await store.findMessage('a')).toMatchObject({ version: 2, content: 'x' })
      }),
    )

    it(
      'an idempotency key of an edit that failed is still unused',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a')
        const stale = edit(store, 'a', 'x', { idempotency, expected_version: 7 })
        await expect(stale).rejects.toMatchObject({ code: 'version-conflict' })
        expect(await edit(store, 'a', 'x', { idempotency })).toMatchObject({ changed: true })
      }),
    )

    it(
      'an idempotency key of a reaction that exists resolves with it',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a')
        const reaction = { reply_to: 'a', format: 'reaction', content: '👍' } as const
        const first = await store.createMessage(newMessage(reaction))
        const second = await store.createMessage(newMessage({ ...reaction, idempotency }))
        await remove(store, first.message.id)
        const repeated = await store.createMessage(newMessage({ ...reaction, idempotency }))
        expect([second.message.id, repeated.message.id]).toEqual([first.message.id, first.message.id])
        expect(repeated).toMatchObject({ created: false, message: { content: '' } })
      }),
    )
  })
}
