import BetterSqlite3 from 'better-sqlite3'
import { expect, it } from 'vitest'
import { openStore } from '../../index.js'
import { newMessage } from '../../testing/index.js'
import { edit } from '../../testing/messages.js'
import { temporaryPath } from '../../testing/temporary-store.js'

it('a search index of the first form is built again', async () => {
  const path = temporaryPath()
  const first = await openStore({ path })
  await first.createMessage(newMessage({ uid: 'a', content: '東京都 one' }))
  await first.close()
  const handle = new BetterSqlite3(path)
  handle.exec(`
    insert into search (search) values ('delete-all');
    insert into search (rowid, content) values (1, '10東 10京 10都 10one');
    alter table search_progress drop column tail_after;
    drop index messages_by_block;
    drop index messages_by_sender_and_topic;
    delete from schema_version where name >= '0007_search_pairs';
  `)
  handle.close()

  await using store = await openStore({ path })
  const search = { words: ['東京都'] }
  await expect(store.searchMessages(search)).rejects.toMatchObject({ code: 'indexing', progress: 0 })
  await store.buildSearchIndex()
  expect((await store.searchMessages(search)).messages.map(({ uid }) => uid)).toEqual(['a'])
  await edit(store, 'a', 'two')
  expect(await store.checkSearchIndex()).toBe('equal')
})
