import { describe, expect, it } from 'vitest'
import { createAll, newMessage, outcomesOf } from './messages.js'
import { type OpenStoreFixture, START_MS, withFixture } from './store-fixture.js'

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
  })
}
