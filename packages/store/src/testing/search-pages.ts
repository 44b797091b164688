import fc from 'fast-check'
import { expect } from 'vitest'
import type { MessageSearch } from '../message-query.js'
import type { Store } from '../store.js'
import { edit, minute, record, recordedVersion, remove } from './messages.js'
import { searchNaively } from './search-model.js'

/** Indexes all messages: what was just posted may be found before it is in the index. */
export async function indexAgain(store: Store): Promise<void> {
  await store.clearSearchIndex()
  await store.buildSearchIndex()
}

/** Three in each of four partitions of the index, one of them far away, and what the searches below are about. */
export async function fillForPages(store: Store): Promise<void> {
  const firsts = [1, 65_530, 140_000, 2 ** 50]
  const ids = firsts.flatMap((first) => Array.from({ length: 12 }, (_, index) => first + index))
  await record(
    store,
    ...ids.map((preferred_id, index) =>
      recordedVersion(`u${index}`, {
        preferred_id,
        content: `common ${index % 2 ? 'odd' : 'even'} word${index % 7} ${index % 5 ? '' : 'five'}`,
        sender: index % 3 ? 'ada' : 'bob',
        topic: index % 4 ? null : 'lunch',
        timestamp: minute(index),
      }),
    ),
  )
  await edit(store, 'u3', 'common edited')
  await remove(store, 'u4')
}

/** The ids of all pages, and how many pages there were. */
async function readAll(searchMessages: Store['searchMessages'], search: MessageSearch) {
  const ids: number[] = []
  let pages = 0
  for (let next: number | null | undefined; next !== null; pages += 1) {
    const page = await searchMessages({ ...search, ...(next !== undefined && { before: next }) })
    expect(page.messages.length).toBeLessThanOrEqual(search.limit ?? 50)
    ids.push(...page.messages.map(({ id }) => id))
    next = page.next
  }
  return { ids, pages }
}

const searches = fc.record(
  {
    words: fc.subarray(['common', 'odd', 'word3', 'five', 'edited']),
    without: fc.subarray(['even', 'word1', 'common odd']),
    prefix: fc.constantFrom('wo', 'word', 'od'),
    limit: fc.integer({ min: 1, max: 15 }),
    before: fc.constantFrom(1, 9, 65_536, 65_540, 150_000, 2 ** 51),
    sender: fc.constantFrom('ada', 'bob', 'eve'),
    topic: fc.constantFrom('lunch', 'none'),
    since: fc.integer({ min: 0, max: 50 }).map(minute),
    until: fc.integer({ min: 0, max: 50 }).map(minute),
  },
  { requiredKeys: ['words', 'limit'] },
)

/** Expects that all of these find what a look at every message finds, on all pages together, of which some are short. */
export async function expectSamePages(
  store: Store,
  limited: readonly Store['searchMessages'][],
): Promise<void> {
  const messages = await store.listMessages({ include: 'all', limit: 1000 })
  let short = 0
  await fc.assert(
    fc.asyncProperty(searches, async (search) => {
      const expected = searchNaively(messages, search)
      for (const searchMessages of [store.searchMessages, ...limited]) {
        const { ids, pages } = await readAll(searchMessages, search)
        expect(ids).toEqual(expected)
        short += Number(pages > 1 + expected.length / search.limit)
      }
    }),
    { numRuns: 150 },
  )
  expect(short).toBeGreaterThan(0)
}
