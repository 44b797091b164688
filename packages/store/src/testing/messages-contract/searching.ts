import { describe, expect, it } from 'vitest'
import type { MessageSearch } from '../../message-query.js'
import type { Store } from '../../store.js'
import { edit, minute, newMessage, react, record, recordedVersion, remove } from '../messages.js'
import { indexAgain } from '../search-pages.js'
import { type OpenStoreFixture, withFixture } from '../store-fixture.js'
import { createFruits, SEARCHES } from './search-cases.js'
import { LANGUAGES } from './search-languages.js'

const post = (store: Store, content: string, fields: object = {}) =>
  store.createMessage(newMessage({ content, ...fields }))

const search = async (store: Store, given: MessageSearch) =>
  (await store.searchMessages(given)).messages.map(({ id }) => id)

const word = (text: string): MessageSearch => ({ words: [text] })

/** Like the last word of a query. */
const toSearch = (query: string): MessageSearch =>
  query.endsWith('*') ? { prefix: query.slice(0, -1) } : { phrases: [query] }

const INVALID: object[] = [
  { words: 'apple' },
  { words: [5] },
  { prefix: 5 },
  { words: ['a'], limit: 0 },
  { words: ['a'], before: -1 },
  { words: ['a'], sort: 'oldest' },
  { words: ['a'], thread: '' },
  { words: ['a'], since: 'yesterday' },
  { words: ['a b c d e f g h'], phrases: ['i j k l m n o p'], without: ['q'] },
]

/** Searching by words. */
export function describeSearching(open: OpenStoreFixture): void {
  describe('searching', () => {
    it(
      'searchMessages() finds by words, phrases, prefix and exclusion, with every filter',
      withFixture(open, async ({ store }) => {
        await createFruits(store)
        for (const prepare of [() => {}, () => indexAgain(store)]) {
          await prepare()
          for (const [given, expected] of SEARCHES) {
            expect(await search(store, given), JSON.stringify(given)).toEqual(expected)
          }
        }
      }),
    )

    it.each(LANGUAGES)('searchMessages() finds what a reader expects: $language', ({ text, found, missed }) =>
      withFixture(open, async ({ store }) => {
        await post(store, 'nothing of interest')
        await post(store, text)
        for (const prepare of [() => {}, () => indexAgain(store)]) {
          await prepare()
          for (const query of found) expect(await search(store, toSearch(query)), query).toEqual([2])
          for (const query of missed) expect(await search(store, toSearch(query)), query).toEqual([])
        }
      })(),
    )

    it(
      'searchMessages() finds what an edit made of a message, and nothing of it once it is deleted',
      withFixture(open, async ({ store, other }) => {
        const reader = await other()
        await post(store, 'first draft', { uid: 'a' })
        await edit(store, 'a', 'second version')
        expect(await search(reader, word('draft'))).toEqual([])
        expect(await search(reader, word('second'))).toEqual([1])
        await edit(store, 'a', 'second version', { topic: 'lunch' })
        expect(await search(reader, { words: ['version'], topic: 'lunch' })).toEqual([1])
        await remove(store, 'a')
        expect(await search(reader, word('second'))).toEqual([])
      }),
    )

    it(
      'searchMessages() finds no reactions',
      withFixture(open, async ({ store }) => {
        await post(store, 'hello')
        await react(store, 1, 'bob', '1️⃣')
        expect(await search(store, word('1'))).toEqual([])
      }),
    )

    it(
      'searchMessages() finds what was imported, in the version that is current',
      withFixture(open, async ({ store }) => {
        await record(store, recordedVersion('a', { content: 'one' }))
        expect(await search(store, word('one'))).toEqual([1])
        await record(store, recordedVersion('a', { version: 2, content: 'two' }))
        expect(await search(store, word('one'))).toEqual([])
        expect(await search(store, word('two'))).toEqual([1])
        await edit(store, 'a', 'four')
        await record(store, recordedVersion('a', { version: 3, content: 'three' }))
        expect(await search(store, word('three'))).toEqual([])
        expect(await search(store, word('four'))).toEqual([1])
        await store.resetSynchronization()
        expect(await search(store, word('four'))).toEqual([1])
        await record(store, recordedVersion('a', { version: 9, content: '', deleted_at: minute(9) }))
        expect(await search(store, word('four'))).toEqual([])
      }),
    )

    it(
      'searchMessages() returns whole messages, and next until the last page',
      withFixture(open, async ({ store }) => {
        await createFruits(store)
        const first = await store.searchMessages({ words: ['apple'], limit: 3 })
        expect(first.messages[0]).toEqual(await store.findMessage(5))
        expect(first.next).toBe(3)
        const second = await store.searchMessages({ words: ['apple'], limit: 3, before: 3 })
        expect(second.messages.map(({ id }) => id)).toEqual([2, 1])
        expect(second.next).toBeNull()
        expect((await store.searchMessages({ words: ['apple'], limit: 5 })).next).toBeNull()
      }),
    )

    it(
      'searchMessages() by relevance ranks what has the words more often, in less text, first, on one page',
      withFixture(open, async ({ store }) => {
        await post(store, 'apple apple apple')
        await post(store, 'apple '.padEnd(600, 'and something else '))
        await post(store, 'an apple and nothing else')
        await post(store, 'pear')
        const relevance = { words: ['apple'], sort: 'relevance' } as const
        expect(await search(store, relevance)).toEqual([1, 3, 2])
        const page = await store.searchMessages({ ...relevance, limit: 1 })
        expect(page.messages.map(({ id }) => id)).toEqual([1])
        expect(page.next).toBeNull()
      }),
    )

    it(
      'searchMessages() by relevance ranks only the newest 1,000 matches',
      withFixture(open, async ({ store }) => {
        await post(store, 'apple apple apple')
        await Promise.all(Array.from({ length: 1_000 }, () => post(store, 'apple and other things')))
        const found = await search(store, { words: ['apple'], sort: 'relevance', limit: 1000 })
        expect(found).toHaveLength(1_000)
        expect(found).not.toContain(1)
      }),
    )

    it(
      'searchMessages() compares only the first 128 characters of a word',
      withFixture(open, async ({ store }) => {
        await post(store, `${'x'.repeat(32_000)} end`)
        expect(await search(store, { phrases: [`${'x'.repeat(128)}y end`] })).toEqual([1])
        expect(await search(store, { prefix: 'x'.repeat(127) })).toEqual([1])
        expect(await search(store, word('x'.repeat(127)))).toEqual([])
      }),
    )

    it(
      'searchMessages() finds words and phrases anywhere in the longest texts',
      withFixture(open, async ({ store }) => {
        await post(store, `${'a b '.repeat(8_190)}c`)
        await post(store, `${'東京'.repeat(16_383)}大`)
        await post(store, Array.from({ length: 5_000 }, (_, index) => `w${index}`).join(' '))
        expect(await search(store, { phrases: ['b c'] })).toEqual([1])
        expect(await search(store, { words: ['a'], without: ['b c'] })).toEqual([])
        expect(await search(store, { words: ['a'], phrases: ['b a b'], without: ['c a'] })).toEqual([1])
        expect(await search(store, { phrases: ['京大'] })).toEqual([2])
        expect(await search(store, { phrases: ['大東'] })).toEqual([])
        expect(await search(store, { prefix: 'w4998 w499' })).toEqual([3])
        expect(await search(store, { words: ['a'], sort: 'relevance' })).toEqual([1])
        expect(await store.checkSearchIndex()).toBe('equal')
      }),
    )

    it(
      'searchMessages() rejects with aborted when its signal aborts',
      withFixture(open, async ({ store }) => {
        await createFruits(store)
        const call = store.searchMessages({ words: ['apple'], signal: AbortSignal.abort() })
        await expect(call).rejects.toMatchObject({ name: 'StoreError', code: 'aborted' })
      }),
    )

    it.each(INVALID)('searchMessages() rejects an invalid search: %j', (given) =>
      withFixture(open, async ({ store }) => {
        const call = store.searchMessages(given)
        await expect(call).rejects.toMatchObject({ name: 'StoreError', code: 'invalid-argument' })
      })(),
    )

    it(
      'buildSearchIndex() indexes everything again after clearSearchIndex(), and checkSearchIndex() compares',
      withFixture(open, async ({ store }) => {
        await createFruits(store)
        await store.buildSearchIndex()
        expect(await store.checkSearchIndex()).toBe('equal')
        await store.clearSearchIndex()
        expect(await store.checkSearchIndex()).toBe('incomplete')
        const call = store.searchMessages(word('apple'))
        await expect(call).rejects.toMatchObject({ name: 'StoreError', code: 'indexing', progress: 0 })
        await edit(store, 1, 'edited meanwhile')
        await remove(store, 2)
        await post(store, 'an apple posted meanwhile')

        const seen: number[] = []
        await store.buildSearchIndex({ onProgress: ({ indexed, until }) => seen.push(indexed / until) })
        expect(seen.at(0)).toBe(0)
        expect(seen.at(-1)).toBe(1)
        expect(await store.checkSearchIndex()).toBe('equal')
        expect(await search(store, word('apple'))).toEqual([7, 5, 4, 3])
        expect(await search(store, word('edited'))).toEqual([1])
      }),
    )

    it(
      'buildSearchIndex() rejects with aborted when its signal aborts, and continues when it is called again',
      withFixture(open, async ({ store }) => {
        await createFruits(store)
        await store.clearSearchIndex()
        const aborted = store.buildSearchIndex({ signal: AbortSignal.abort() })
        await expect(aborted).rejects.toMatchObject({ name: 'StoreError', code: 'aborted' })
        await Promise.all([store.buildSearchIndex(), store.buildSearchIndex()])
        expect(await search(store, word('apple'))).toEqual([5, 4, 3, 2, 1])
      }),
    )
  })
}
