import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MessageQuery, Store } from '../index.js'
import { settleAll } from '../testing/contract-messages.js'
import { dryQueries } from '../testing/dry-queries.js'
import { newMessage, openTemporaryStore } from '../testing/index.js'
import { explain } from '../testing/query-plan.js'
import { countWithin } from './choose-access.js'
import { selectMessages } from './select-messages.js'

const ids = async (store: Store, query?: MessageQuery) =>
  (await store.listMessages(query)).map(({ id }) => id)
const minute = (count: number) => new Date(Date.UTC(2025, 0, 9, 0, count)).toISOString()

/** Ids 1 to 60, from ada and bob by turns, one a minute; the even ones up to 20 are synchronized. */
async function openFilledStore() {
  const store = await openTemporaryStore()
  const messages = Array.from({ length: 60 }, (_, index) =>
    newMessage({ uid: `u${index + 1}`, sender: index % 2 ? 'bob' : 'ada', timestamp: minute(index + 1) }),
  )
  await Promise.all(messages.map((message) => store.createMessage(message)))
  await settleAll(store, ...Array.from({ length: 10 }, (_, index) => `u${2 * index + 2}`))
  return store
}

describe('pages', () => {
  const pages = fc.record(
    {
      limit: fc.integer({ min: 1, max: 25 }),
      sender: fc.constantFrom('ada', 'bob', 'eve'),
      synchronized: fc.boolean(),
      since: fc.integer({ min: 0, max: 61 }).map(minute),
    },
    { requiredKeys: ['limit'] },
  )

  it('have every message once, whichever way they are turned', async () => {
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
})

describe('a page costs the same at any depth', () => {
  const everyQuery: [string, MessageQuery, RegExp][] = [
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

  it.each(everyQuery)('%s', async (_, query, expected) => {
    await using store = await openTemporaryStore()
    const plan = explain(store.path, selectMessages(dryQueries, query, { limit: 50 }).compile())
    expect(plan).toHaveLength(1)
    expect(plan[0]).toMatch(expected)
  })

  it('few within times', async () => {
    await using store = await openTemporaryStore()
    const times = { since: minute(1), until: minute(2) }
    const page = selectMessages(
      dryQueries,
      { ...times, before: 9, sender: 'ada', synchronized: true },
      { limit: 50, access: 'by-timestamp' },
    )
    const index = 'INDEX messages_by_timestamp (timestamp>? AND timestamp<?)'
    expect(explain(store.path, page.compile())[0]).toBe(`SEARCH messages USING ${index}`)
    expect(explain(store.path, countWithin(dryQueries, times).compile())).toContain(
      `SEARCH messages USING COVERING ${index}`,
    )
  })
})

it('lists the same messages within times, whether they are few or many', async () => {
  await using store = await openFilledStore()
  const query = { since: minute(-2_000), until: minute(40), limit: 4 }
  const few = await ids(store, query)
  const old = Array.from({ length: 1_500 }, (_, index) => newMessage({ timestamp: minute(-index) }))
  await Promise.all(old.map((message) => store.createMessage(message)))

  expect(few).toEqual([39, 38, 37, 36])
  expect(await ids(store, { ...query, before: 61 })).toEqual(few)
})
