import fc from 'fast-check'
import { expect } from 'vitest'
import type { MessageSearch } from '../message-query.js'
import type { Store } from '../store.js'
import { MAX_SEARCH_WORDS } from '../text/search-patterns.js'
import { wordsOf } from '../text/words.js'
import { edit, minute, newMessage, react, record, recordedVersion, remove, reply } from './messages.js'
import { searchNaively } from './search-model.js'
import { indexAgain } from './search-pages.js'

const PARTS = ['red', 'Red', 'rede', 'réd', 'blue', '東', '京', '東京', 'ge', '-', '👍', '“', 'x', '½']
const textOf = (maxLength: number) =>
  fc
    .tuple(fc.array(fc.constantFrom(...PARTS), { maxLength }), fc.constantFrom(' ', '', '-', '\u00a0'))
    .map(([parts, separator]) => parts.join(separator))
const sender = fc.constantFrom('ada', 'bob')
const topic = fc.constantFrom(null, 'lunch')
const timestamp = fc.nat({ max: 60 }).map(minute)

/** One change; `pick` chooses the message that it is about. */
const step = fc.record({
  action: fc.constantFrom(
    ...(['post', 'post', 'reply', 'edit', 'edit', 'remove', 'react', 'import', 'import', 'index'] as const),
  ),
  pick: fc.nat(10_000),
  content: textOf(8),
  version: fc.integer({ min: 1, max: 4 }),
  sender,
  topic,
  timestamp,
})
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

const word = fc.constantFrom(...PARTS)
const wanted = fc.oneof(
  fc.record({ words: fc.array(word, { minLength: 1, maxLength: 2 }) }),
  fc.record({ phrases: fc.tuple(textOf(3)) }),
  fc.record({ prefix: textOf(2) }),
  fc.record({ words: fc.tuple(word), phrases: fc.tuple(textOf(2)), prefix: word }),
)
const conditions = fc.record(
  {
    without: fc.array(textOf(2), { maxLength: 2 }),
    limit: fc.integer({ min: 1, max: 40 }),
    sort: fc.constantFrom('newest' as const, 'relevance' as const),
    sender,
    topic: fc.constant('lunch'),
    thread: fc.constantFrom('u0', 'u1', 'u2'),
    since: timestamp,
    until: timestamp,
  },
  { requiredKeys: [] },
)
const search = fc
  .tuple(wanted, fc.oneof(fc.constant({}), conditions))
  .map(([terms, others]): MessageSearch => ({ ...terms, ...others }))
  .filter(isShort)

function isShort({ words = [], phrases = [], without = [], prefix = '' }: MessageSearch): boolean {
  return wordsOf([...words, ...phrases, ...without, prefix].join(' ')).length <= MAX_SEARCH_WORDS
}

/** Expects of an empty store that, between changes of every kind, it finds what a look at every message finds. */
export async function expectNaiveResults(store: Store, runs: number): Promise<void> {
  const uids: string[] = []
  let total = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 3 }), search, async (steps, given) => {
      for (const one of steps) await apply(store, uids, one)
      const messages = await store.listMessages({ include: 'all', limit: 1000 })
      const expected = searchNaively(messages, given)
      total += expected.length
      const found = await readPages(store, given)
      if (given.sort !== 'relevance') expect(found).toEqual(expected)
      else {
        expect(found).toHaveLength(Math.min(expected.length, given.limit ?? 50))
        expect(expected).toEqual(expect.arrayContaining(found))
      }
    }),
    // The store cannot go back, so a failure cannot be made smaller.
    { numRuns: runs, endOnFailure: true },
  )
  expect(total).toBeGreaterThan(runs)
}

async function apply(store: Store, uids: string[], step: Step): Promise<void> {
  const { action, pick, content, version, ...fields } = step
  const target = uids[pick % uids.length]
  const uid = `u${uids.length}`
  if (action === 'post' || target === undefined) {
    uids.push(uid)
    await store.createMessage(newMessage({ uid, content, ...fields }))
  } else if (action === 'reply') {
    const isCreated = await succeeds(reply(store, target, { ...fields, uid, content }), 'invalid-reply')
    if (isCreated) uids.push(uid)
  } else if (action === 'edit') {
    await succeeds(edit(store, target, content, { topic: fields.topic }), 'deleted')
  } else if (action === 'index') {
    await indexAgain(store)
  } else if (action === 'remove') {
    await remove(store, target)
  } else if (action === 'react') {
    await succeeds(react(store, target, fields.sender), 'invalid-reply')
  } else if (pick % 2) {
    uids.push(uid)
    await record(store, recordedVersion(uid, { content, version, ...fields }))
  } else {
    const [message] = await store.findMessages([target])
    if (!message) return
    const isDeletion = version === 4
    const change = isDeletion ? { content: '', deleted_at: fields.timestamp } : { content, deleted_at: null }
    const next = { version: message.version + 1, git_hash: 'c7' }
    await record(store, recordedVersion(target, { ...message, ...next, ...change }))
  }
}

/** Whether a call succeeds; it must not fail with another code. */
async function succeeds(call: Promise<unknown>, code: string): Promise<boolean> {
  const [result] = await Promise.allSettled([call])
  if (result?.status === 'rejected') expect(result.reason).toMatchObject({ code })
  return result?.status === 'fulfilled'
}

async function readPages(store: Store, given: MessageSearch): Promise<number[]> {
  const ids: number[] = []
  for (let search: MessageSearch | null = given; search; ) {
    const { messages, next } = await store.searchMessages(search)
    ids.push(...messages.map(({ id }) => id))
    search = next === null ? null : { ...given, before: next }
  }
  return ids
}
