import { findPostgres } from '@gitmsg/test-postgres'
import { afterAll, describe, expect, it } from 'vitest'
import { newMessage, record, recordedVersion } from '../../testing/messages.js'
import { createStoreDatabases } from '../../testing/postgres-databases.js'
import { expectSamePages, fillForPages } from '../../testing/search-pages.js'
import { expectNaiveResults } from '../../testing/search-steps.js'
import { openDatabase } from '../database.js'
import { openPostgresStore } from '../index.js'
import type { SearchLimits } from './find-messages.js'
import { createSearchMessages } from './search-messages.js'

const LIMITS: SearchLimits[] = [
  {
    partitionsPerQuery: 1,
    lookupsPerPage: 6,
    hitsPerQuery: 1,
    hitsPerPage: 3,
    maxCandidates: 1,
    newestEntries: 0,
  },
  {
    partitionsPerQuery: 8,
    lookupsPerPage: 18,
    hitsPerQuery: 4,
    hitsPerPage: 8,
    maxCandidates: 20,
    newestEntries: 7,
  },
  {
    partitionsPerQuery: 50,
    lookupsPerPage: 120,
    hitsPerQuery: 50,
    hitsPerPage: 90,
    maxCandidates: 100,
    newestEntries: 10,
  },
]

const server = await findPostgres()

describe.skipIf(server === null)('on PostgreSQL', () => {
  const databases = createStoreDatabases(server ?? '')
  afterAll(() => databases[Symbol.asyncDispose]())

  /** A store, and ways to search it with other limits of the work. */
  async function openLimited() {
    const url = await databases.take()
    const store = await openPostgresStore({ url, connections: 2 })
    const [schema, signal] = ['gitmsg', undefined]
    const database = await openDatabase({
      ...{ url, schema, connections: 2, busyTimeoutMs: 1_000, signal, listenUrl: null },
      ...{ migrate: true, onMigrate() {}, onNewerSchema: undefined },
    })
    return {
      store,
      limited: LIMITS.map((limits) => createSearchMessages(database, limits)),
      async [Symbol.asyncDispose]() {
        await database.close()
        await store.close()
        await databases.giveBack(url)
      },
    }
  }

  it('searchMessages() finds the same on all pages together, however little work a page may be', async () => {
    await using test = await openLimited()
    await fillForPages(test.store)
    await expectSamePages(test.store, test.limited)
  })

  it('searchMessages() looks at a limited number of matches for one page, and says where to go on', async () => {
    await using test = await openLimited()
    await fillForPages(test.store)
    const page = await test.limited[0]?.({ words: ['common', 'odd'], topic: 'lunch' })
    expect(page?.messages).toEqual([])
    expect(page?.next).toBe(2 ** 50 + 3)
  })

  it('searchMessages() finds a message below a very high id without a step for each id between', async () => {
    await using test = await openLimited()
    await test.store.createMessage(newMessage({ content: 'needle' }))
    await record(test.store, recordedVersion('a', { preferred_id: 2 ** 52, content: 'hay' }))
    const found = await test.store.searchMessages({ words: ['needle'] })
    expect(found.messages.map(({ id }) => id)).toEqual([1])
    expect(found.next).toBeNull()
  })

  it('searchMessages() finds what a look at every message finds, after posts, edits, deletions and imports', async () => {
    await using test = await openLimited()
    await expectNaiveResults(test.store, 300)
    expect(await test.store.checkSearchIndex()).toBe('equal')
  })
})
