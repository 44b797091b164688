import fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import type { MessageQuery, Store, StoredMessage } from '../index.js'
import { openDatabase } from '../sqlite/database.js'
import { newMessage, openTemporaryStore, type TemporaryStore } from '../testing/index.js'
import { CURSOR, createSixty, minute, recordedVersion } from '../testing/messages.js'
import { DRY_QUERIES, explain } from '../testing/query-plan.js'
import { createListMessages } from './list.js'
import {
  countEntries,
  EQUALITIES,
  type IdRange,
  type IdSource,
  selectEdge,
  selectMessages,
} from './list-queries.js'

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
    sender: fc.constantFrom('ada', 'bob', 'eve'),
    synchronized: fc.boolean(),
    since: fc.integer({ min: 0, max: 61 }).map(minute),
    until: fc.integer({ min: 0, max: 61 }).map(minute),
    before: fc.integer({ min: 0, max: 62 }),
    after: fc.integer({ min: 0, max: 62 }),
  },
  { requiredKeys: ['limit'] },
)

/** Whether a message meets all conditions of a query, in JavaScript. */
const matches = (
  message: StoredMessage,
  { sender, synchronized, since, until, before, after }: MessageQuery,
) =>
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
  return { all: await createListMessages(database)({ limit: 1000 }), lists }
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

const FILTERS = [
  'sender',
  'topic',
  'thread',
  'reply_to',
  'since',
  'until',
  'synchronized',
  'before',
  'after',
] as const
const GIVEN: MessageQuery = {
  sender: 'ada',
  topic: 'deploys',
  thread: 'u1',
  reply_to: 'u1',
  since: minute(1),
  until: minute(2),
  synchronized: true,
  before: 50,
  after: 9,
}

/** Every combination of filters, with both values of `synchronized`. */
const combinations: IdRange[] = Array.from({ length: 2 ** FILTERS.length }, (_, bits) => {
  const chosen = FILTERS.filter((_, index) => bits & (1 << index))
  const query: MessageQuery = Object.fromEntries(chosen.map((name) => [name, GIVEN[name]]))
  return { ...query, isForward: query.after !== undefined }
}).flatMap((range) => (range.synchronized ? [range, { ...range, synchronized: false }] : [range]))

/** Every step of a plan must be one of these: no message is read but by its id, and nothing is scanned but an index. */
const ALLOWED_STEPS = [
  /^(LIST|(CORRELATED )?SCALAR) SUBQUERY \d+$/,
  /^CO-ROUTINE|^SCAN \(subquery/,
  /^SEARCH messages USING INTEGER PRIMARY KEY \(rowid=\?\)$/,
  /^SEARCH e USING COVERING INDEX messages_by_(sender|topic|thread|reply_to) \(\w+=\?( AND kind=\?)? AND rowid=\?\)$/,
  /^SEARCH e USING COVERING INDEX messages_by_id \(id=\?( AND timestamp[<>]\?( AND timestamp<\?)?)?\)$/,
  /^SEARCH o USING COVERING INDEX sqlite_autoindex_outbox_1 \(message_id=\?\)$/,
]
/** Reactions and tombstones are short: their conditions are looked up in the messages, by an index of only them. */
const byId = (index: string) =>
  new RegExp(`^(SCAN|SEARCH) m USING (COVERING )?INDEX ${index}( \\(id[<>]\\?( AND id<\\?)?\\))?$`)
const byEquality =
  /^SEARCH m USING COVERING INDEX messages_by_(sender|topic|thread|reply_to) \(\w+=\?( AND kind=\?)?( AND rowid[<>]\?)*\)$/
const STEPS_OF_SOURCE: Record<IdSource, RegExp[]> = {
  sender: [byEquality],
  topic: [byEquality],
  thread: [byEquality],
  reply_to: [byEquality],
  messages: [byId('messages_by_id')],
  reactions: [byId('messages_reactions_by_id')],
  deleted: [byId('messages_deleted')],
  all: [/^(SCAN m|SEARCH m USING INTEGER PRIMARY KEY \(rowid[<>]\?( AND rowid<\?)?\))$/],
  first: [/^SEARCH m USING INDEX sqlite_autoindex_messages_1 \(uid=\?\)$/],
  // At most a thousand entries.
  times: [
    /^SEARCH m USING COVERING INDEX messages_by_timestamp \(timestamp[<>]\?( AND timestamp<\?)?\)$/,
    /^USE TEMP B-TREE FOR ORDER BY$/,
  ],
  outbox: [/^(SCAN|SEARCH) m USING COVERING INDEX sqlite_autoindex_outbox_1( \(message_id[<>]\?.*\))?$/],
}

/** All sources by which a page of this range may be read. */
const sourcesOf = (range: IdRange): IdSource[] => [
  'messages',
  ...EQUALITIES.filter((column) => range[column] !== undefined),
  ...(range.since !== undefined || range.until !== undefined ? (['times'] as const) : []),
  ...(range.synchronized === false ? (['outbox'] as const) : []),
  ...(range.thread !== undefined ? (['first'] as const) : []),
  'reactions',
  'deleted',
]

function expectAllowed(store: TemporaryStore, range: IdRange, source: IdSource): void {
  const queries = [
    selectMessages(DRY_QUERIES, range, { source, limit: 50 }).compile(),
    countEntries(range, source, 100).compile(DRY_QUERIES),
  ]
  if (source !== 'first') queries.push(selectEdge(range, source, 100).compile(DRY_QUERIES))
  for (const step of queries.flatMap((query) => explain(store.path, query))) {
    const isAllowed = [...ALLOWED_STEPS, ...STEPS_OF_SOURCE[source]].some((pattern) => pattern.test(step))
    expect(isAllowed, `${source} ${JSON.stringify(range)}: ${step}`).toBe(true)
  }
}

it('listMessages() has an index for every combination of conditions, whatever it is searched by', async () => {
  await using store = await openTemporaryStore()
  expect(combinations).toHaveLength(768)
  for (const range of combinations) {
    for (const source of sourcesOf(range)) expectAllowed(store, range, source)
  }
})

it.each([{}, { before: 50 }, { after: 9 }, { before: 50, after: 9 }])(
  'listMessages({ include: "all" }) takes the same time at any depth: %j',
  async (query) => {
    await using store = await openTemporaryStore()
    expectAllowed(store, { ...query, isForward: query.after !== undefined }, 'all')
  },
)

it('listMessages() lists the same whatever it is searched by, and in however many steps', async () => {
  await using store = await openFilledStore()
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
  const pages = await Promise.all([minute(2), minute(3), minute(4)].map((until) => list({ until })))
  isCounting = false

  expect(pages.map((page) => page.map(({ id }) => id))).toEqual([[1], [2, 1], [3, 2, 1]])
  expect(turns).toBeGreaterThan(3 * (60 / 4 - 1))
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
