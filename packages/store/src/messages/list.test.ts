import fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import type { MessageQuery, Store, StoredMessage } from '../index.js'
import { openDatabase } from '../sqlite/database.js'
import { newMessage, openTemporaryStore } from '../testing/index.js'
import {
  CURSOR,
  createSixty,
  edit,
  minute,
  react,
  recordedVersion,
  remove,
  reply,
  settleAll,
} from '../testing/messages.js'
import { createListMessages } from './list.js'

const ids = async (store: Store, query?: MessageQuery) =>
  (await store.listMessages(query)).map(({ id }) => id)

async function openFilledStore() {
  const store = await openTemporaryStore()
  await createSixty(store)
  return store
}

const pages = fc.record(
  {
    limit: fc.integer({ min: 1, max: 25 }),
    sender: fc.constantFrom('ada', 'bob', 'eve'),
    synchronized: fc.boolean(),
    since: fc.integer({ min: 0, max: 61 }).map(minute),
  },
  { requiredKeys: ['limit'] },
)

const ranges = fc.record(
  {
    limit: fc.integer({ min: 1, max: 70 }),
    topic: fc.constantFrom('deploys', 'lunch', 'none'),
    thread: fc.constantFrom('u1', 'u2', 'u3', 'u4'),
    reply_to: fc.constantFrom('u1', 'u2', 'u3', 'u4'),
    include: fc.constantFrom('messages', 'reactions', 'deleted'),
    sender: fc.constantFrom('ada', 'bob', 'eve'),
    synchronized: fc.boolean(),
    since: fc.integer({ min: 0, max: 61 }).map(minute),
    until: fc.integer({ min: 0, max: 61 }).map(minute),
    before: fc.integer({ min: 0, max: 122 }),
    after: fc.integer({ min: 0, max: 122 }),
  },
  { requiredKeys: ['limit'] },
)

/** Among the sixty: threads of u1 to u4 with nested replies, topics, edits, and ids 61 to 120: reactions and more. */
async function openConversations() {
  const store = await openFilledStore()
  for (const key of ['u1', 'u2', 'u5']) await edit(store, key, 'x', { topic: 'deploys' })
  for (let index = 0; index < 60; index += 1) {
    const [target, at] = [`u${(index % 4) + 1}`, { timestamp: minute(index) }]
    const fields = { uid: `r${index}`, sender: index % 3 ? 'ada' : 'bob', ...at }
    if (index % 5 === 0) await react(store, target, `sender ${index}`)
    else
      await reply(store, index % 7 === 0 ? 'u1' : target, {
        ...fields,
        ...(index % 2 ? { topic: 'lunch' } : {}),
      })
  }
  await reply(store, 'r1', { uid: 'nested' })
  for (const key of ['u3', 'u9', 'r2', 'r8', 'r9', 'nested', 61]) await remove(store, key)
  await settleAll(store, 'u5', 'u9', 'r1', 'r4')
  return store
}

const kindOf = ({ deleted_at, format }: StoredMessage) => {
  if (deleted_at !== null) return 'deleted'
  return format === 'reaction' ? 'reactions' : 'messages'
}

/** Whether a message meets all conditions of a query, in JavaScript. */
const matches = (
  message: StoredMessage,
  { sender, topic, thread, reply_to, synchronized, since, until, before, after, include }: MessageQuery,
) =>
  kindOf(message) === (include ?? 'messages') &&
  (topic === undefined || message.topic === topic) &&
  (thread === undefined || message.thread === thread || message.uid === thread) &&
  (reply_to === undefined || message.reply_to === reply_to) &&
  (sender === undefined || message.sender === sender) &&
  (synchronized === undefined || message.is_synchronized === synchronized) &&
  (since === undefined || message.timestamp >= since) &&
  (until === undefined || message.timestamp < until) &&
  (before === undefined || message.id < before) &&
  (after === undefined || message.id > after)

/** All messages, and `listMessages()` with limits that make it choose each way of searching. */
async function openLimited(path: string) {
  const database = await openDatabase({ path, busyTimeoutMs: 1_000, signal: undefined, onMigrate() {} })
  onTestFinished(() => database.close())
  const limits = [0, 10, 1_000].flatMap((maxToSort) =>
    [1, 4, 59].map((maxPerStep) => ({ maxToSort, maxPerStep })),
  )
  const lists = limits.map((limit) => createListMessages(database, limit))
  return { all: await createListMessages(database)({ limit: 1000, include: 'all' }), lists }
}

it('listMessages() returns every message once when paging in either direction', async () => {
  await using store = await openFilledStore()
  await fc.assert(
    fc.asyncProperty(pages, async (query) => {
      const all = await ids(store, { ...query, limit: 1000 })
      const backwards: number[] = []
      for (let page = await ids(store, query); page.length > 0; ) {
        backwards.push(...page)
        page = await ids(store, { ...query, before: page.at(-1) as number })
      }
      const forwards: number[] = []
      for (let page = await ids(store, { ...query, after: 0 }); page.length > 0; ) {
        forwards.unshift(...page)
        page = await ids(store, { ...query, after: page[0] as number })
      }
      expect(backwards).toEqual(all)
      expect(forwards).toEqual(all)
    }),
  )
})

it('listMessages() lists the same whatever it is searched by, and in however many steps', async () => {
  await using store = await openConversations()
  const { all, lists } = await openLimited(store.path)
  await fc.assert(
    fc.asyncProperty(ranges, async ({ limit, ...query }) => {
      const expected = all.filter((message) => matches(message, query))
      const page = query.after === undefined ? expected.slice(0, limit) : expected.slice(-limit)
      for (const list of lists) expect(await list({ ...query, limit })).toEqual(page)
    }),
    { numRuns: 300 },
  )
})

it('listMessages() lists the same messages within times, whether there are few or many', async () => {
  await using store = await openFilledStore()
  const query = { since: minute(-2_000), until: minute(40), limit: 4 }
  const few = await ids(store, query)
  const old = Array.from({ length: 1_500 }, (_, index) => newMessage({ timestamp: minute(-index) }))
  await Promise.all(old.map((message) => store.createMessage(message)))

  expect(few).toEqual([39, 38, 37, 36])
  expect(await ids(store, { ...query, before: 61 })).toEqual(few)
})

it('listMessages() examines a limited number of ids in one turn of the event loop, also for several calls', async () => {
  await using store = await openFilledStore()
  const { lists } = await openLimited(store.path)
  const [list = store.listMessages] = lists.slice(1) // sorts none, and examines four ids in a step
  let [turns, isCounting] = [0, true]
  function countTurn(): void {
    turns += 1
    if (isCounting) setImmediate(countTurn)
  }
  countTurn()
  const pages = await Promise.all(
    [5, 7, 9].map((before) => list({ synchronized: true, before: before + 50 })),
  )
  isCounting = false

  const synchronized = Array.from({ length: 10 }, (_, index) => 20 - 2 * index)
  for (const page of pages) expect(page.map(({ id }) => id)).toEqual(synchronized)
  expect(turns).toBeGreaterThan(3 * (54 / 4 - 1))
})

it('listMessages() selects by is_synchronized after changes of every kind', async () => {
  await using store = await openFilledStore()
  const { all, lists } = await openLimited(store.path)
  await store.quarantine('u1', 'no')
  await store.markPending(['u2', 'u4'])
  await store.settle({ recorded: [recordedVersion('imported')], cursor: CURSOR })
  const expectAll = async () => {
    const messages = await store.listMessages({ limit: 1000 })
    for (const list of lists) {
      for (const synchronized of [true, false]) {
        const expected = messages.filter((message) => message.is_synchronized === synchronized)
        expect(await list({ synchronized, limit: 1000 })).toEqual(expected)
      }
    }
    return messages.filter((message) => message.is_synchronized).length
  }
  expect(all).toHaveLength(60)
  expect(await expectAll()).toBe(9)
  await store.resetSynchronization()
  expect(await expectAll()).toBe(0)
})
