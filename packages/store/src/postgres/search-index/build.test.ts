import { findPostgres, query } from '@gitmsg/test-postgres'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { edit, newMessage, record, recordedVersion, remove } from '../../testing/messages.js'
import { createStoreDatabases } from '../../testing/postgres-databases.js'
import { buildStoreProgram } from '../../testing/processes/start-store-process.js'
import { openPostgresStore } from '../index.js'

const server = await findPostgres()

describe.skipIf(server === null)('buildSearchIndex() on PostgreSQL', () => {
  const databases = createStoreDatabases(server ?? '')
  let program: Awaited<ReturnType<typeof buildStoreProgram>>
  beforeAll(async () => {
    program = await buildStoreProgram()
  })
  afterAll(async () => {
    await program.remove()
    await databases[Symbol.asyncDispose]()
  })

  /** Some messages that are not indexed yet. */
  async function openUnindexed(count: number) {
    const url = await databases.take()
    const store = await openPostgresStore({ url })
    const contents = Array.from({ length: count }, (_, index) => `common word${index}`)
    await Promise.all(contents.map((content) => store.createMessage(newMessage({ content }))))
    await store.clearSearchIndex()
    return {
      url,
      store,
      async [Symbol.asyncDispose]() {
        await store.close()
        await databases.giveBack(url)
      },
    }
  }

  it('continues after its process was killed, whatever was written in between', async () => {
    await using test = await openUnindexed(6_000)
    const { store } = test
    let interruptions = 0
    for (let kill = 1; kill <= 3; kill += 1) {
      const builder = program.start('index', test.url)
      await builder.printed(3)
      builder.child.kill('SIGKILL')
      await builder.exited()
      const error = await store.searchMessages({ words: ['common'] }).then(
        () => null,
        (reason) => reason,
      )
      if (error?.code === 'indexing' && error.progress > 0) interruptions += 1
      await edit(store, kill * 10, `edited${kill} common`)
      await edit(store, 6_000 - kill, `edited${kill} common`)
      await remove(store, kill * 1_500)
      await store.createMessage(newMessage({ content: `common late${kill}` }))
    }
    expect(interruptions).toBeGreaterThan(0)

    await store.buildSearchIndex()
    expect(await store.checkSearchIndex()).toBe('equal')
    const found = await store.searchMessages({ words: ['common', 'edited2'] })
    expect(found.messages.map(({ id }) => id)).toEqual([5_998, 20])
    expect((await store.searchMessages({ words: ['word19'] })).messages).toEqual([])
  })

  it('is done by one of several servers, while others post, edit and delete', async () => {
    await using test = await openUnindexed(3_000)
    const stores = await Promise.all([1, 2, 3].map(() => openPostgresStore({ url: test.url })))
    const progress = stores.map((store) => {
      const seen: number[] = []
      return { seen, built: store.buildSearchIndex({ onProgress: ({ indexed }) => seen.push(indexed) }) }
    })
    for (let id = 1; id <= 3_000; id += 60) {
      await edit(test.store, id, `edited common ${id}`)
      await remove(test.store, 3_001 - id)
      await test.store.createMessage(newMessage({ content: 'common late' }))
    }
    await Promise.all(progress.map(({ built }) => built))
    for (const { seen } of progress) {
      expect(seen.at(-1)).toBe(3_000)
      expect(seen).toEqual(seen.toSorted((one, other) => one - other))
    }
    expect(await test.store.checkSearchIndex()).toBe('equal')
    await Promise.all(stores.map((store) => store.close()))
  })

  it('waits while another server builds', async () => {
    await using test = await openUnindexed(10)
    const client = new pg.Client({ connectionString: test.url })
    await client.connect()
    await client.query('begin; select 1 from gitmsg.search_progress for update')
    const controller = new AbortController()
    const waiting = test.store.buildSearchIndex({ signal: controller.signal })
    setTimeout(() => controller.abort(), 200)
    await expect(waiting).rejects.toMatchObject({ name: 'StoreError', code: 'aborted' })
    expect(await query(test.url, 'select 1 from gitmsg.search_index')).toEqual([])
    await client.end()
    await test.store.buildSearchIndex()
    expect(await test.store.checkSearchIndex()).toBe('equal')
  })

  it('indexes the messages of an older version, and searchMessages() rejects until then', async () => {
    await using test = await openUnindexed(0)
    for (const uid of ['a', 'b', 'c']) {
      await test.store.createMessage(newMessage({ uid, content: `common ${uid}` }))
    }
    await remove(test.store, 'c')
    await query(
      test.url,
      `drop table gitmsg.search_index; drop table gitmsg.search_progress;
       drop function gitmsg.current_timeline; alter table gitmsg.counters drop column timeline;
       drop index gitmsg.messages_by_block;
       drop index gitmsg.messages_by_sender_and_topic;
       delete from gitmsg.schema_version where name > '0001_init'`,
    )
    await using store = await openPostgresStore({ url: test.url })
    const search = { words: ['common'] }
    await expect(store.searchMessages(search)).rejects.toMatchObject({ code: 'indexing', progress: 0 })
    await store.createMessage(newMessage({ content: 'common late' }))
    await edit(store, 'a', 'common a again')
    await expect(store.searchMessages(search)).rejects.toMatchObject({ code: 'indexing' })
    await store.buildSearchIndex()
    expect((await store.searchMessages(search)).messages.map(({ id }) => id)).toEqual([4, 2, 1])
    expect(await store.checkSearchIndex()).toBe('equal')
  })

  it('indexes a text of 32,768 different words, under the highest id', async () => {
    await using test = await openUnindexed(0)
    const content = String.fromCodePoint(...Array.from({ length: 32_768 }, (_, index) => 0x20000 + index))
    await record(test.store, recordedVersion('a', { preferred_id: 2 ** 52, content }))
    expect((await test.store.searchMessages({ phrases: ['\u{27ffe}\u{27fff}'] })).messages).toHaveLength(1)
    await test.store.clearSearchIndex()
    await test.store.buildSearchIndex()
    expect(await test.store.checkSearchIndex()).toBe('equal')
  })

  it('indexes the longest messages one by one', async () => {
    await using test = await openUnindexed(0)
    const text = 'Ä wörd '.repeat(4_600)
    for (let index = 0; index < 5; index += 1)
      await test.store.createMessage(newMessage({ content: `${text}${text.slice(0, 500)}` }))
    await test.store.createMessage(newMessage({ content: '東'.repeat(32_768) }))
    await test.store.clearSearchIndex()
    const seen: number[] = []
    await test.store.buildSearchIndex({ onProgress: ({ indexed }) => seen.push(indexed) })
    expect(seen.at(-1)).toBe(6)
    expect(seen.length).toBeGreaterThan(3)
    expect(await test.store.checkSearchIndex()).toBe('equal')
  })
})
