import BetterSqlite3 from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { openStore } from '../../open-store.js'
import { edit, newMessage, record, recordedVersion, remove } from '../../testing/messages.js'
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

it('a damaged index fails what it is needed for, and nothing else, until it is built again', async () => {
  const path = temporaryPath()
  const first = await openStore({ path })
  await Promise.all(
    Array.from({ length: 300 }, (_, index) =>
      first.createMessage(newMessage({ content: `word${index} common` })),
    ),
  )
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
  await store.clearSearchIndex()
  await store.buildSearchIndex()
  expect((await store.searchMessages({ words: ['common'] })).messages).toHaveLength(50)
  expect(await store.checkSearchIndex()).toBe('equal')
})

it('openStore() opens a database that was not closed and whose search index is damaged', async () => {
  const path = temporaryPath()
  const first = await openStore({ path })
  onTestFinished(() => first.close())
  await first.createMessage(newMessage())
  const handle = new BetterSqlite3(path)
  handle.unsafeMode().exec("update search_data set block = x'00ff00ff00ff' where id > 1000")
  handle.close()
  await using store = await openStore({ path })
  expect(await store.listMessages()).toHaveLength(1)
})

it('transactions merge the segments of the index, so that they stay few', async () => {
  await using store = await openTemporaryStore()
  const content = 'some words that fill a page soon '.repeat(40)
  for (let post = 0; post < 60; post += 1) await store.createMessage(newMessage({ content }))
  const handle = new BetterSqlite3(store.path, { readonly: true })
  const segments = handle.prepare('select count(distinct segid) from search_idx').pluck().get()
  handle.close()
  expect(segments).toBeLessThan(30)
})
