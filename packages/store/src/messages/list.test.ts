import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { MessageQuery, Store } from '../index.js'
import { newMessage, openTemporaryStore } from '../testing/index.js'
import { createSixty, minute } from '../testing/messages.js'
import { DRY_QUERIES, explain } from '../testing/query-plan.js'
import { countWithin, selectMessages } from './list.js'

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

const QUERIES_IN_ID_ORDER: [string, MessageQuery, RegExp][] = [
  ['latest', {}, /^SCAN messages$/],
  ['before', { before: 9 }, /^SEARCH messages USING INTEGER PRIMARY KEY \(rowid<\?\)$/],
  ['after', { after: 9 }, /^SEARCH messages USING INTEGER PRIMARY KEY \(rowid>\?\)$/],
  ['sender', { sender: 'ada' }, /INDEX messages_by_sender/],
  ['sender before', { sender: 'ada', before: 9 }, /INDEX messages_by_sender \(sender=\? AND rowid<\?\)$/],
  ['synchronized', { synchronized: true }, /INDEX messages_by_is_synchronized/],
  [
    'unsynchronized after',
    { synchronized: false, after: 9 },
    /by_is_synchronized \(is_synchronized=\? AND rowid>\?\)$/,
  ],
  ['many within times', { since: minute(1), until: minute(2) }, /^SCAN messages$/],
]

it.each(QUERIES_IN_ID_ORDER)('a page takes the same time at any depth: %s', async (_, query, expected) => {
  await using store = await openTemporaryStore()
  const plan = explain(store.path, selectMessages(DRY_QUERIES, query, { limit: 50 }).compile())
  expect(plan).toHaveLength(1)
  expect(plan[0]).toMatch(expected)
})

it('a page of few messages within times is found and counted by the index on timestamps', async () => {
  await using store = await openTemporaryStore()
  const times = { since: minute(1), until: minute(2) }
  const page = selectMessages(
    DRY_QUERIES,
    { ...times, before: 9, sender: 'ada', synchronized: true },
    { limit: 50, access: 'by-timestamp' },
  )
  const index = 'INDEX messages_by_timestamp (timestamp>? AND timestamp<?)'
  expect(explain(store.path, page.compile())[0]).toBe(`SEARCH messages USING ${index}`)
  expect(explain(store.path, countWithin(DRY_QUERIES, times).compile())).toContain(
    `SEARCH messages USING COVERING ${index}`,
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
