import { expect, it, onTestFinished } from 'vitest'
import { newMessage, record, recordedVersion } from '../../testing/messages.js'
import { expectSamePages, fillForPages } from '../../testing/search-pages.js'
import { expectNaiveResults } from '../../testing/search-steps.js'
import { openTemporaryStore } from '../../testing/temporary-store.js'
import { openDatabase } from '../database.js'
import { createSearchMessages } from './search-messages.js'

/** `searchMessages()` with these limits of its work. */
async function openLimited(path: string, limits: Parameters<typeof createSearchMessages>[1]) {
  const database = await openDatabase({ path, busyTimeoutMs: 1_000, signal: undefined, onMigrate() {} })
  onTestFinished(() => database.close())
  return createSearchMessages(database, limits)
}

const LIMITS = [
  { hitsPerStep: 1, hitsPerPage: 3, partitionsPerPage: 9, maxCandidates: 0 },
  { hitsPerStep: 4, hitsPerPage: 8, partitionsPerPage: 2, maxCandidates: 20 },
  { hitsPerStep: 50, hitsPerPage: 100, partitionsPerPage: 1, maxCandidates: 100 },
]

it('searchMessages() finds the same on all pages together, however little work a page may be', async () => {
  await using store = await openTemporaryStore()
  await fillForPages(store)
  const limited = await Promise.all(LIMITS.map((limits) => openLimited(store.path, limits)))
  await expectSamePages(store, limited)
})

it('searchMessages() looks at a limited number of matches for one page, and says where to go on', async () => {
  await using store = await openTemporaryStore()
  await fillForPages(store)
  const [limits] = LIMITS
  const searchMessages = await openLimited(store.path, limits)
  const page = await searchMessages({ words: ['common'], topic: 'lunch' })
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

it.each(['newest', 'relevance'] as const)(
  'searchMessages() finds each message once while others are posted and indexed: %s',
  async (sort) => {
    await using store = await openTemporaryStore()
    const acknowledged: number[] = []
    async function post(): Promise<void> {
      const { message } = await store.createMessage(newMessage({ content: 'common words' }))
      acknowledged.push(message.id)
    }
    for (let round = 0; round < 20; round += 1) {
      const posts = Array.from({ length: 45 }, post)
      const expected = [...acknowledged]
      const { messages } = await store.searchMessages({ words: ['common'], sort, limit: 1000 })
      const ids = messages.map(({ id }) => id)
      expect(ids).toEqual(expect.arrayContaining(expected))
      expect(new Set(ids).size).toBe(ids.length)
      await Promise.all(posts)
    }
    expect(await store.checkSearchIndex()).toBe('equal')
  },
)

it('searchMessages() finds what a look at every message finds, after posts, edits, deletions and imports', async () => {
  await using store = await openTemporaryStore()
  await expectNaiveResults(store, 300)
  expect(await store.checkSearchIndex()).toBe('equal')
})
