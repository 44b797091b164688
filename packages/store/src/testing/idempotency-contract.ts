import { describe, expect, it } from 'vitest'
import { createAll, outcomesOf } from './contract-messages.js'
import { newMessage } from './new-message.js'
import { BEGINNING, type OpenStoreFixture, withFixture } from './store-fixture.js'

const idempotency = { key: 'order-7', fingerprint: 'abc' }
const hours = (count: number) => count * 60 * 60 * 1000

/** Calls that are made again. */
export function describeIdempotency(open: OpenStoreFixture): void {
  describe('an idempotency key', () => {
    // Covers IN-60
    it(
      'answers 100 calls at once with the one message of the first',
      withFixture(open, async ({ store }) => {
        const calls = Array.from({ length: 100 }, () => store.createMessage(newMessage({ idempotency })))
        const answers = await Promise.all(calls)
        expect(answers.filter(({ created }) => created)).toHaveLength(1)
        expect(new Set(answers.map(({ message }) => JSON.stringify(message))).size).toBe(1)
        expect(await store.listMessages()).toHaveLength(1)
      }),
    )

    it(
      'answers a later call, also after a restart, with what the message is now',
      withFixture(open, async ({ store, other }) => {
        const { message } = await store.createMessage(newMessage({ idempotency }))
        const synchronized = [{ uid: message.uid, git_hash: 'a1' }]
        await store.settle({ synchronized, cursor: { commit: 'a1', format: 1 } })

        const restarted = await other()
        expect(await restarted.createMessage(newMessage({ idempotency }))).toEqual({
          message: { ...message, git_hash: 'a1', is_synchronized: true },
          created: false,
        })
      }),
    )

    it(
      'refuses only the call that uses it for something else, in one moment and later',
      withFixture(open, async ({ store }) => {
        const elsewhere = { ...idempotency, fingerprint: 'xyz' }
        const messages = [{ idempotency }, { idempotency: elsewhere }, {}].map(newMessage)
        const refused = 'idempotency-key-reused'
        expect(await outcomesOf(messages.map(store.createMessage))).toEqual(['created', refused, 'created'])
        const later = store.createMessage(newMessage({ idempotency: elsewhere }))
        await expect(later).rejects.toMatchObject({ code: refused })
      }),
    )

    it(
      'is free again when the call that brought it failed',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'taken')
        const messages = [{ uid: 'taken', idempotency }, { idempotency }].map(newMessage)
        expect(await outcomesOf(messages.map(store.createMessage))).toEqual(['duplicate-uid', 'created'])
      }),
    )

    it(
      'is kept for 24 hours at least',
      withFixture(open, async ({ store }, setTime) => {
        await store.createMessage(newMessage({ idempotency }))
        setTime(BEGINNING + hours(24))
        await store.createMessage(newMessage({ idempotency: { key: 'order-8', fingerprint: 'abc' } }))
        expect(await store.createMessage(newMessage({ idempotency }))).toMatchObject({ created: false })
      }),
    )
  })
}
