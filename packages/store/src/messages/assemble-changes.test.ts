import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Store, StoreError } from '../index.js'
import { newMessage, openTemporaryStore } from '../testing/index.js'
import { minute, pendingVersions, publish } from '../testing/messages.js'

const UIDS = ['a', 'b', 'r']

const change = fc.record({
  uid: fc.constantFrom(...UIDS, 'unknown'),
  isDeletion: fc.nat(4).map((number) => number === 0),
  content: fc.constantFrom('one', 'two', 'three'),
  topic: fc.constantFrom(undefined, null, 'deploys'),
  key: fc.constantFrom(undefined, undefined, 'k1', 'k2'),
  expected_version: fc.constantFrom(undefined, undefined, undefined, 1, 2, 3),
})
type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never

/** Two messages, of which one is published, and a reaction to the first. */
async function openWithMessages() {
  const store = await openTemporaryStore({ clock: () => 0 })
  const fields = { timestamp: minute(0), content: 'one' }
  await store.createMessage(newMessage({ uid: 'a', ...fields }))
  await store.createMessage(newMessage({ uid: 'b', ...fields }))
  await store.createMessage(
    newMessage({ uid: 'r', ...fields, content: '👍', format: 'reaction', reply_to: 'a' }),
  )
  await publish(store, 'b 1')
  return store
}

/** What a change resolves with, or its error's code. */
const apply = (
  store: Store,
  { uid: key, isDeletion, content, topic, key: idempotencyKey, expected_version }: Change,
) => {
  const common = { key, updated_at: minute(1), expected_version }
  const idempotency = idempotencyKey && { key: idempotencyKey, fingerprint: `${key} ${content} ${topic}` }
  const changed = isDeletion
    ? store.deleteMessage(common)
    : store.editMessage({
        ...common,
        content,
        ...(topic !== undefined && { topic }),
        ...(idempotency && { idempotency }),
      })
  return changed.then(
    (result) => result && { version: result.message.version, content: result.message.content, ...result },
    (error: StoreError) => error.code,
  )
}

async function stateOf(store: Store) {
  const versions = await Promise.all(UIDS.map((uid) => store.listVersions(uid)))
  return {
    messages: await store.listMessages({ include: 'all' }),
    versions,
    pending: await pendingVersions(store),
    summary: await store.summary(),
    topics: await store.listTopics(),
    position: (await store.position()).position,
  }
}

it('changes that share a transaction have the same outcomes, and leave the same, as one after the other', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 12 }), async (changes) => {
      await using together = await openWithMessages()
      await using apart = await openWithMessages()
      const outcomes = await Promise.all(changes.map((one) => apply(together, one)))
      const expected = []
      for (const one of changes) expected.push(await apply(apart, one))
      const withoutPositions = (all: object[]) =>
        JSON.parse(JSON.stringify(all, (name, value) => (name === 'position' ? undefined : value)))
      expect(withoutPositions(outcomes as object[])).toEqual(withoutPositions(expected as object[]))
      const { messages, position, ...state } = await stateOf(together)
      const {
        messages: expectedMessages,
        position: expectedPosition,
        ...expectedState
      } = await stateOf(apart)
      expect(state).toEqual(expectedState)
      expect(withoutPositions(messages)).toEqual(withoutPositions(expectedMessages))
      expect(position).toBe(expectedPosition)
    }),
    { numRuns: 25 },
  )
})
