import BetterSqlite3 from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { openStore } from '../../open-store.js'
import type { Store } from '../../store.js'
import { edit, newMessage, record, recordedVersion, remove } from '../../testing/messages.js'
import { indexAgain } from '../../testing/search-pages.js'
import { openTemporaryStore, temporaryPath } from '../../testing/temporary-store.js'

/** All words in the index, without the keys of their partitions. */
function indexedWords(path: string): string[] {
  const handle = new BetterSqlite3(path)
  handle.exec("create virtual table temp.words using fts5vocab('main', 'search', 'row')")
  const words = handle.prepare('select substr(term, 3) from words order by term').pluck().all() as string[]
  handle.close()
  return words
}

it('the search index has the words of what can be found, and no others', async () => {
  await using store = await openTemporaryStore()
  await store.createMessage(newMessage({ uid: 'a', content: 'alpha beta' }))
  await store.createMessage(newMessage({ uid: 'b', content: 'gamma' }))
  await store.createMessage(newMessage({ format: 'reaction', content: '1️⃣', reply_to: 'a' }))
  await record(
    store,
    recordedVersion('c', { content: 'delta' }),
    recordedVersion('d', { content: 'epsilon' }),
  )
  expect(indexedWords(store.path)).toEqual([])
  await indexAgain(store)
  expect(indexedWords(store.path)).toEqual(['alpha', 'beta', 'delta', 'epsilon', 'gamma'])
  await edit(store, 'a', 'beta zeta')
  await record(store, recordedVersion('c', { version: 2, content: 'eta' }))
  await remove(store, 'b')
  await record(
    store,
    recordedVersion('d', { version: 2, content: '', deleted_at: '2025-01-09T00:06:41.000Z' }),
  )
  expect(indexedWords(store.path)).toEqual(['beta', 'eta', 'zeta'])
})

const count = (handle: BetterSqlite3.Database) =>
  handle.prepare('select count(*) from search_docsize').pluck().get()

it('the newest messages are indexed together, once they are many', async () => {
  await using store = await openTemporaryStore()
  const handle = new BetterSqlite3(store.path, { readonly: true })
  onTestFinished(() => void handle.close())
  await store.createMessage(newMessage({ uid: 'a', content: 'alpha' }))
  await Promise.all(Array.from({ length: 254 }, () => store.createMessage(newMessage({ content: 'beta' }))))
  await edit(store, 'a', 'gamma')
  expect(count(handle)).toBe(0)
  await store.createMessage(newMessage({ content: 'delta' }))
  expect(count(handle)).toBe(256)
  await store.createMessage(newMessage({ content: 'epsilon' }))
  expect(count(handle)).toBe(256)
  expect(indexedWords(store.path)).toEqual(['beta', 'delta', 'gamma'])
  expect(await store.checkSearchIndex()).toBe('equal')
})

it.each<[string, (store: Store) => Promise<unknown>]>([
  ['is long', (store) => store.createMessage(newMessage({ content: 'x '.repeat(4_096) }))],
  ['becomes long', (store) => edit(store, 3, 'x '.repeat(5_462))],
])('the newest messages are indexed together, once one of them %s', async (_, lengthen) => {
  await using store = await openTemporaryStore()
  const handle = new BetterSqlite3(store.path, { readonly: true })
  onTestFinished(() => void handle.close())
  for (let post = 0; post < 3; post += 1) await store.createMessage(newMessage({ content: 'one' }))
  expect(count(handle)).toBe(0)
  await lengthen(store)
  expect(count(handle)).toBeGreaterThanOrEqual(3)
  expect(await store.checkSearchIndex()).toBe('equal')
})

it('a damaged index fails what it is needed for, and nothing else, until it is built again', async () => {
  const path = temporaryPath()
  const first = await openStore({ path })
  await Promise.all(
    Array.from({ length: 300 }, (_, index) =>
      first.createMessage(newMessage({ content: `word${index} common` })),
    ),
  )
  await indexAgain(first)
  await first.close()
  const handle = new BetterSqlite3(path)
  handle.unsafeMode().exec("update search_data set block = x'00ff00ff00ff' where id > 1000")
  handle.close()

  await using store = await openStore({ path })
  const search = store.searchMessages({ words: ['common'] })
  await expect(search).rejects.toMatchObject({ name: 'StoreError', code: 'corrupt' })
  expect(await store.checkSearchIndex()).toBe('different')
  expect(await store.isWritable()).toBe(true)
  expect(await store.listMessages({ limit: 1 })).toHaveLength(1)
  await indexAgain(store)
  expect((await store.searchMessages({ words: ['common'] })).messages).toHaveLength(50)
  expect(await store.checkSearchIndex()).toBe('equal')
})

it('openStore() opens a database that was not closed and whose search index is damaged', async () => {
  const path = temporaryPath()
  const first = await openStore({ path })
  onTestFinished(() => first.close())
  await first.createMessage(newMessage())
  await indexAgain(first)
  const handle = new BetterSqlite3(path)
  handle.unsafeMode().exec("update search_data set block = x'00ff00ff00ff' where id > 1000")
  handle.close()
  await using store = await openStore({ path })
  expect(await store.listMessages()).toHaveLength(1)
})

it('transactions merge the segments of the index, so that they stay few', async () => {
  await using store = await openTemporaryStore()
  // So long that each is indexed at once.
  const content = 'some words that fill a page soon '.repeat(990)
  for (let post = 0; post < 60; post += 1) await store.createMessage(newMessage({ content }))
  const handle = new BetterSqlite3(store.path, { readonly: true })
  const segments = handle.prepare('select count(distinct segid) from search_idx').pluck().get()
  handle.close()
  expect(segments).toBeLessThan(30)
})
