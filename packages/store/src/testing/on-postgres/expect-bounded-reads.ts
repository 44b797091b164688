import { expect } from 'vitest'
import type { MessageQuery, MessageSearch } from '../../message-query.js'
import { createFindMessage } from '../../messages/find.js'
import { createListMessages } from '../../messages/list.js'
import { createChangedSince, createCountChangedSince } from '../../messages/positions.js'
import { createFindReactions } from '../../messages/replies.js'
import { createFindEarlierTopics, createListTopics } from '../../messages/topics.js'
import { createListVersions } from '../../messages/versions.js'
import { createOldestChanges } from '../../outbox/oldest-changes.js'
import { LIST_LIMITS } from '../../postgres/open-postgres-store.js'
import { createSearchMessages } from '../../postgres/search/search-messages.js'
import { fillDatabase } from './fill-database.js'
import { openWatchedDatabase, type WatchedDatabase } from './watched-database.js'

/** The most that one step of a query may read for a list: a page, and what is examined for it at a time. */
const MAX_LISTED = 2 * LIST_LIMITS.maxPerStep
/** The same for a search: the matches of a partition, or of several where they are few. */
const MAX_SEARCHED = 10_000

type Filters = Pick<
  MessageQuery,
  'sender' | 'topic' | 'thread' | 'reply_to' | 'since' | 'until' | 'synchronized' | 'before' | 'after'
>

/** A table of one page is read for each message that is examined, rather than its index. */
const MAX_OF_ONE_PAGE = 100 * MAX_LISTED

/** What filters ask for in a {@link fillDatabase} of `count` messages: what is common, or recent. */
function valuesAt(count: number): Required<Filters> {
  const time = (id: number) => new Date(Date.UTC(2025, 0, 9) + id * 1_000).toISOString()
  return {
    sender: 's7',
    topic: 't7',
    thread: 'u141',
    reply_to: 'u141',
    since: time(Math.ceil(count / 2)),
    until: time(count - 1_500),
    synchronized: true,
    before: count - 500,
    after: Math.ceil(count / 3),
  }
}

/** @param size of the largest combinations, apart from that of all filters */
function combine(filters: Filters, size: number): Filters[] {
  const entries = Object.entries(filters)
  const all = Array.from({ length: 2 ** entries.length }, (_, bits) =>
    entries.filter((_entry, index) => bits & (1 << index)),
  )
  return all
    .filter(({ length }) => length <= size || length === entries.length)
    .map((chosen): Filters => Object.fromEntries(chosen))
    .flatMap((chosen) => (chosen.synchronized ? [chosen, { ...chosen, synchronized: false }] : [chosen]))
}

/**
 * Expects that no list, search, thread or feed reads more of a database of this size than a fixed number of rows in a step,
 * whatever it is filtered by.
 *
 * @param combinedFilters how many filters are combined at most, beside all of them
 */
export async function expectBoundedReads(url: string, count: number, combinedFilters: number): Promise<void> {
  await fillDatabase(url, count)
  await using watched = await openWatchedDatabase(url)
  const values = valuesAt(count)
  await expectLists(watched, combine(values, combinedFilters))
  const { reply_to: _, synchronized: __, after: ___, ...searched } = values
  await expectSearches(watched, combine(searched, combinedFilters))
  await expectOthers(watched, count)
}

async function expectLists(watched: WatchedDatabase, all: readonly Filters[]): Promise<void> {
  const listMessages = createListMessages(watched.database, LIST_LIMITS)
  for (const filters of all) {
    for (const include of ['messages', 'reactions', 'deleted'] as const) {
      const query = { ...filters, include }
      await listMessages(query)
      expectBounded(watched, query, MAX_LISTED)
    }
  }
  for (const query of [{}, { before: 50 }, { after: 50 }]) {
    await listMessages({ ...query, include: 'all' })
    expectBounded(watched, query, MAX_LISTED)
  }
}

const TERMS: readonly MessageSearch[] = [
  { words: ['common'] },
  { words: ['word77'] },
  { words: ['common', 'word77'], without: ['other'] },
  { phrases: ['common word77'] },
  { prefix: 'co' },
  { words: ['common'], sort: 'relevance' },
]

async function expectSearches(watched: WatchedDatabase, all: readonly Filters[]): Promise<void> {
  const searchMessages = createSearchMessages(watched.database)
  for (const terms of TERMS) {
    for (const filters of all) {
      for (const sender of filters.sender ? ['s7', 'rare'] : [undefined]) {
        const search = { ...terms, ...filters, ...(sender && { sender }), limit: 20 }
        await searchMessages(search)
        expectBounded(watched, search, MAX_SEARCHED)
      }
    }
  }
}

async function expectOthers({ database, takeScans }: WatchedDatabase, count: number): Promise<void> {
  const place = await database.position()
  const position = Math.ceil(count / 2)
  const uids = Array.from({ length: 50 }, (_, index) => `u${index * 20 + 1}`)
  const calls: Record<string, () => Promise<unknown>> = {
    changedSince: () => createChangedSince(database)({ ...place, position }, 50),
    countChangedSince: () => createCountChangedSince(database)({ ...place, position }, 100),
    listTopics: () => createListTopics(database)(),
    'listTopics of a later page': () =>
      createListTopics(database)({ before: { last_at: '2025-01-09T05:00:00.000Z', topic: 't7' } }),
    listVersions: () => createListVersions(database)('u7'),
    'findMessage by id': () => createFindMessage(database)(7),
    'findMessage by uid': () => createFindMessage(database)('u7'),
    findReactions: () => createFindReactions(database)(uids),
    findEarlierTopics: () => createFindEarlierTopics(database)(uids),
    oldestChanges: () => createOldestChanges(database)(100),
  }
  for (const [name, call] of Object.entries(calls)) {
    await call()
    expectBounded({ database, takeScans }, name, MAX_LISTED)
  }
}

function expectBounded(
  { takeScans }: Pick<WatchedDatabase, 'takeScans' | 'database'>,
  call: object | string,
  most: number,
) {
  const scans = takeScans()
  expect(scans.length, `${JSON.stringify(call)} is read from the database`).toBeGreaterThan(0)
  expect(
    scans.filter(({ what, rows }) => rows > (what === 'Seq Scan outbox' ? MAX_OF_ONE_PAGE : most)),
    JSON.stringify(call),
  ).toEqual([])
}
