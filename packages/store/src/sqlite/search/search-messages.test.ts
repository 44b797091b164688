import fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import type { MessageSearch } from '../../message-query.js'
import type { Store } from '../../store.js'
import { edit, minute, newMessage, record, recordedVersion, remove } from '../../testing/messages.js'
import { searchNaively } from '../../testing/search-model.js'
import { expectNaiveResults } from '../../testing/search-steps.js'
import { openTemporaryStore } from '../../testing/temporary-store.js'
import { openDatabase } from '../database.js'
import { createSearchMessages } from './search-messages.js'

/** Three in each of four partitions of the index, one of them far away, and what the searches below are about. */
async function openFilledStore() {
  const store = await openTemporaryStore()
  const firsts = [1, 16_382, 40_000, 2 ** 50]
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
  return store
}

/** `searchMessages()` with these limits of its work. */
async function openLimited(path: string, limits: Parameters<typeof createSearchMessages>[1]) {
  const database = await openDatabase({ path, busyTimeoutMs: 1_000, signal: undefined, onMigrate() {} })
  onTestFinished(() => database.close())
  return createSearchMessages(database, limits)
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
    before: fc.constantFrom(1, 9, 16_384, 16_390, 50_000, 2 ** 51),
    sender: fc.constantFrom('ada', 'bob', 'eve'),
    topic: fc.constantFrom('lunch', 'none'),
    since: fc.integer({ min: 0, max: 50 }).map(minute),
    until: fc.integer({ min: 0, max: 50 }).map(minute),
  },
  { requiredKeys: ['words', 'limit'] },
)

const LIMITS = [
  { hitsPerStep: 1, hitsPerPage: 3, partitionsPerPage: 9, maxCandidates: 0 },
  { hitsPerStep: 4, hitsPerPage: 8, partitionsPerPage: 2, maxCandidates: 20 },
  { hitsPerStep: 50, hitsPerPage: 100, partitionsPerPage: 1, maxCandidates: 100 },
]

it('searchMessages() finds the same on all pages together, however little work a page may be', async () => {
  await using store = await openFilledStore()
  const messages = await store.listMessages({ include: 'all', limit: 1000 })
  const limited = await Promise.all(LIMITS.map((limits) => openLimited(store.path, limits)))
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
})

it('searchMessages() looks at a limited number of matches for one page, and says where to go on', async () => {
  await using store = await openFilledStore()
  const [limits] = LIMITS
  const searchMessages = await openLimited(store.path, limits)
  const page = await searchMessages({ words: ['common'], until: minute(1) })
  expect(page.messages).toEqual([])
  expect(page.next).toBe(2 ** 50 + 9)
})

it('searchMessages() finds a message below a very high id without a step for each id between', async () => {
  await using store = await openTemporaryStore()
  await store.createMessage(newMessage({ content: 'needle' }))
  await record(store, recordedVersion('a', { preferred_id: 2 ** 52, content: 'hay' }))
  const found = await store.searchMessages({ words: ['needle'] })
  expect(found.messages.map(({ id }) => id)).toEqual([1])
  expect(found.next).toBeNull()
})

it('searchMessages() finds what a look at every message finds, after posts, edits, deletions and imports', async () => {
  await using store = await openTemporaryStore()
  await expectNaiveResults(store, 300)
  expect(await store.checkSearchIndex()).toBe('equal')
})
