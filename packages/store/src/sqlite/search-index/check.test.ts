import BetterSqlite3 from 'better-sqlite3'
import { expect, it } from 'vitest'
import { openStore } from '../../open-store.js'
import { edit, newMessage, record, recordedVersion, remove } from '../../testing/messages.js'
import { temporaryPath } from '../../testing/temporary-store.js'

/** Messages in two partitions of the index, some of which were edited or deleted. */
async function openFilledStore() {
  const path = temporaryPath()
  const store = await openStore({ path })
  for (const uid of ['a', 'b', 'c', 'd']) {
    await store.createMessage(newMessage({ uid, content: `${uid} one two two 東京` }))
  }
  await record(store, recordedVersion('e', { preferred_id: 200_000, content: 'far away' }))
  await edit(store, 'b', 'edited once')
  await remove(store, 'c')
  return { path, store }
}

const REMOVE = "insert into search (search, rowid, content) values ('delete', "
const TAMPERINGS: [string, string][] = [
  ['a message is not indexed', `${REMOVE} 1, '10a 10one 10two 10two 10東 10京 10… 10東京')`],
  ['a message that is gone is indexed', "insert into search (rowid, content) values (3, '10c')"],
  [
    'a message is indexed under another id',
    "update messages set content = iif(id = 1, 'x', 'y') where id in (1, 2)",
  ],
  ['a word is missing', "update messages set content = content || ' more' where id = 4"],
  ['words are in another order', "update messages set content = 'd two one two 東京' where id = 4"],
  ['a word occurs more often', "update messages set content = 'd one two 東京' where id = 4"],
  ['a message is indexed that still waits', 'update search_progress set tail_after = 199999'],
  ['the index of another partition is empty', `${REMOVE} 200000, '13far 13away')`],
  ['the messages of a partition are gone', 'delete from messages where id = 200000'],
]

it.each(TAMPERINGS)(
  'checkSearchIndex() finds a difference, which building it again repairs: %s',
  async (_, change) => {
    const { path, store } = await openFilledStore()
    expect(await store.checkSearchIndex()).toBe('equal')
    await store.close()
    const handle = new BetterSqlite3(path)
    handle.exec(change)
    handle.close()

    await using again = await openStore({ path })
    expect(await again.checkSearchIndex()).toBe('different')
    await again.clearSearchIndex()
    await again.buildSearchIndex()
    expect(await again.checkSearchIndex()).toBe('equal')
  },
)

it('checkSearchIndex() sees one state of the database while another process writes', async () => {
  const { path, store } = await openFilledStore()
  await using other = await openStore({ path })
  let isChecking = true
  async function write(): Promise<number> {
    let count = 0
    for (; isChecking; count += 1) {
      const { message } = await other.createMessage(newMessage({ content: `word${count} and more` }))
      await edit(other, message.id, `other${count}`)
      if (count % 3 === 0) await remove(other, message.id)
    }
    return count
  }
  const writing = write()
  const states = new Set<string>()
  for (let check = 0; check < 20; check += 1) states.add(await store.checkSearchIndex())
  isChecking = false
  expect(await writing).toBeGreaterThan(0)
  expect([...states]).toEqual(['equal'])
  await store.close()
})

it('checkSearchIndex() rejects with aborted when its signal aborts', async () => {
  const { store } = await openFilledStore()
  const call = store.checkSearchIndex({ signal: AbortSignal.abort() })
  await expect(call).rejects.toMatchObject({ name: 'StoreError', code: 'aborted' })
  await store.close()
})
