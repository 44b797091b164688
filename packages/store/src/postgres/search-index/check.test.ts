import { findPostgres, query } from '@gitmsg/test-postgres'
import { afterAll, describe, expect, it } from 'vitest'
import { edit, newMessage, record, recordedVersion, remove } from '../../testing/messages.js'
import { createStoreDatabases } from '../../testing/postgres-databases.js'
import { openPostgresStore } from '../index.js'

const TAMPERINGS: [string, string][] = [
  ['a message is not indexed', 'delete from gitmsg.search_index where id = 1'],
  ['a message that is gone is indexed', "insert into gitmsg.search_index values (3, ' c')"],
  ['a message is indexed under another id', 'update gitmsg.search_index set id = 3 where id = 2'],
  ['a word is missing', "update gitmsg.messages set content = content || ' more' where id = 4"],
  ['words are in another order', "update gitmsg.messages set content = 'd two one two 東京' where id = 4"],
  ['the index is empty', 'truncate gitmsg.search_index'],
  ['the last message is gone', 'delete from gitmsg.messages where id = 50000'],
]

const server = await findPostgres()

describe.skipIf(server === null)('checkSearchIndex() on PostgreSQL', () => {
  const databases = createStoreDatabases(server ?? '')
  afterAll(() => databases[Symbol.asyncDispose]())

  /** Some messages, of which some were edited or deleted. */
  async function openFilledStore() {
    const url = await databases.take()
    const store = await openPostgresStore({ url, connections: 2 })
    for (const uid of ['a', 'b', 'c', 'd']) {
      await store.createMessage(newMessage({ uid, content: `${uid} one two two 東京` }))
    }
    await record(store, recordedVersion('e', { preferred_id: 50_000, content: 'far away' }))
    await edit(store, 'b', 'edited once')
    await remove(store, 'c')
    return {
      url,
      store,
      async [Symbol.asyncDispose]() {
        await store.close()
        await databases.giveBack(url)
      },
    }
  }

  it.each(TAMPERINGS)('finds a difference, which building the index again repairs: %s', async (_, change) => {
    await using test = await openFilledStore()
    expect(await test.store.checkSearchIndex()).toBe('equal')
    await query(test.url, change)
    expect(await test.store.checkSearchIndex()).toBe('different')
    await test.store.clearSearchIndex()
    await test.store.buildSearchIndex()
    expect(await test.store.checkSearchIndex()).toBe('equal')
  })

  it('sees one state of the database while another server writes, also of more messages than one read', async () => {
    await using test = await openFilledStore()
    await using other = await openPostgresStore({ url: test.url, connections: 2 })
    await Promise.all(Array.from({ length: 600 }, () => other.createMessage(newMessage())))
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
    for (let check = 0; check < 20; check += 1) states.add(await test.store.checkSearchIndex())
    isChecking = false
    expect(await writing).toBeGreaterThan(0)
    expect([...states]).toEqual(['equal'])
  })

  it('rejects with aborted when its signal aborts', async () => {
    await using test = await openFilledStore()
    const call = test.store.checkSearchIndex({ signal: AbortSignal.abort() })
    await expect(call).rejects.toMatchObject({ name: 'StoreError', code: 'aborted' })
  })
})
