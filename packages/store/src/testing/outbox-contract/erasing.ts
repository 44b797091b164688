import { describe, expect, it } from 'vitest'
import {
  createAll,
  edit,
  newMessage,
  pendingVersions,
  publish,
  record,
  recordedVersion,
  remove,
} from '../messages.js'
import { type OpenStoreFixture, withFixture } from '../store-fixture.js'

const idempotency = (key: string) => ({ key, fingerprint: `of ${key}` })

/** Erasing what is left of messages. */
export function describeErasing(open: OpenStoreFixture): void {
  describe('erasing', () => {
    it(
      'eraseTraces() forgets the idempotency keys of these messages, and leaves everything else',
      withFixture(open, async ({ store }) => {
        await store.createMessage(newMessage({ uid: 'a', idempotency: idempotency('key of a') }))
        await edit(store, 'a', 'edited', { idempotency: idempotency('edit of a') })
        await store.createMessage(newMessage({ uid: 'b', idempotency: idempotency('key of b') }))
        await remove(store, 'a')
        await publish(store, 'a 3', 'b 1')
        const before = await store.listMessages({ include: 'all' })
        expect(await store.eraseTraces(['a', 'unknown'])).toBe(0)
        expect(await store.listMessages({ include: 'all' })).toEqual(before)

        const again = newMessage({ uid: 'c', idempotency: { key: 'key of a', fingerprint: 'another' } })
        expect(await store.createMessage(again)).toMatchObject({ created: true })
        const other = newMessage({ uid: 'd', idempotency: { key: 'key of b', fingerprint: 'another' } })
        await expect(store.createMessage(other)).rejects.toMatchObject({ code: 'idempotency-key-reused' })
      }),
    )

    it(
      'eraseTraces() keeps versions that the repository has, or that are pending',
      withFixture(open, async ({ store }) => {
        await createAll(store, 'a', 'b')
        await edit(store, 'a', 'two')
        await edit(store, 'a', 'three')
        await publish(store, 'a 1')
        expect(await store.eraseTraces(['a', 'b'])).toBe(0)
        expect(await pendingVersions(store)).toEqual(['b 1', 'a 2', 'a 3'])
        expect(await store.listVersions('a')).toHaveLength(3)
      }),
    )

    it(
      'a reset and an import of the rewritten history leave nothing of erased versions',
      withFixture(open, async ({ store }) => {
        const one = recordedVersion('a', { content: 'secret' })
        const two = { ...one, version: 2, content: 'clean' }
        await record(store, one, two)
        await store.resetSynchronization()
        expect(await record(store, two)).toEqual(['settled'])
        await store.eraseTraces(['a'])
        expect(await store.listVersions('a')).toMatchObject([{ version: 2, content: 'clean' }])
        expect(await store.summary()).toMatchObject({ pending: 0, history_lost_at: null })
      }),
    )
  })
}
