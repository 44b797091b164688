import BetterSqlite3 from 'better-sqlite3'
import { expect, it } from 'vitest'
import { openStore } from '../../index.js'
import { newMessage } from '../../testing/index.js'
import { temporaryPath } from '../../testing/temporary-store.js'

it('what an earlier version indexed at once is not indexed again', async () => {
  const path = temporaryPath()
  const first = await openStore({ path })
  for (const uid of ['a', 'b']) await first.createMessage(newMessage({ uid, content: `common ${uid}` }))
  await first.clearSearchIndex()
  await first.buildSearchIndex()
  await first.close()
  const handle = new BetterSqlite3(path)
  handle.exec(`
    alter table search_progress drop column tail_after;
    drop index messages_by_block;
    drop index messages_by_sender_and_topic;
    delete from schema_version where name >= '0008_search_tail';
  `)
  handle.close()

  await using store = await openStore({ path })
  await store.createMessage(newMessage({ uid: 'c', content: 'common c' }))
  const found = await store.searchMessages({ words: ['common'] })
  expect(found.messages.map(({ uid }) => uid)).toEqual(['c', 'b', 'a'])
  await store.createMessage(newMessage({ uid: 'd', content: 'long '.repeat(6_600) }))
  expect(await store.checkSearchIndex()).toBe('equal')
})
