import BetterSqlite3 from 'better-sqlite3'
import { expect, it } from 'vitest'
import { openStore } from '../../index.js'
import { newMessage } from '../../testing/index.js'
import { edit, react, remove } from '../../testing/messages.js'
import { temporaryPath } from '../../testing/temporary-store.js'

it('a database without a search index is indexed in parts, and searchMessages() rejects until then', async () => {
  const path = temporaryPath()
  const first = await openStore({ path })
  for (const uid of ['a', 'b', 'c']) await first.createMessage(newMessage({ uid, content: `common ${uid}` }))
  await react(first, 'a', 'bob')
  await edit(first, 'b', 'common edited')
  await remove(first, 'c')
  await first.close()
  const handle = new BetterSqlite3(path)
  handle.exec(`
    drop table search;
    drop table search_progress;
    drop index messages_by_block;
    drop index messages_by_sender_and_topic;
    delete from schema_version where name >= '0006_search';
  `)
  handle.close()

  await using store = await openStore({ path })
  const search = { words: ['common'] }
  await expect(store.searchMessages(search)).rejects.toMatchObject({ code: 'indexing', progress: 0 })
  await store.createMessage(newMessage({ content: 'common late' }))
  await edit(store, 'a', 'common a again')
  await expect(store.searchMessages(search)).rejects.toMatchObject({ code: 'indexing' })
  await store.buildSearchIndex()
  expect((await store.searchMessages(search)).messages.map(({ id }) => id)).toEqual([5, 2, 1])
  expect(await store.checkSearchIndex()).toBe('equal')
})
