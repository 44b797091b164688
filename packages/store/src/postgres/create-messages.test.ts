import { type CuttingProxy, findPostgres, startCuttingProxy } from '@gitmsg/test-postgres'
import pg from 'pg'
import { afterAll, describe, expect, it, vi } from 'vitest'
import type { NewMessage, Store } from '../index.js'
import { newMessage } from '../testing/index.js'
import { createAll, outcomesOf } from '../testing/messages.js'
import { createStoreDatabases } from '../testing/postgres-databases.js'
import { openPostgresStore } from './index.js'

/** How the last message of a transaction ends. */
const COMMIT = '; commit'

const server = await findPostgres()

describe.skipIf(server === null)('createMessage() on PostgreSQL', () => {
  const databases = createStoreDatabases(server ?? '')
  afterAll(() => databases[Symbol.asyncDispose]())

  /** A store whose connections pass through a proxy, and one whose connections do not. */
  async function openThroughProxy() {
    const url = await databases.take()
    const proxy = await startCuttingProxy(url)
    const store = await openPostgresStore({ url: proxy.url })
    const witness = await openPostgresStore({ url })
    return {
      proxy,
      store,
      witness,
      async [Symbol.asyncDispose]() {
        await store.close()
        await witness.close()
        await proxy[Symbol.asyncDispose]()
        await databases.giveBack(url)
      },
    }
  }

  async function expectStoredOnce(
    witness: Store,
    proxy: CuttingProxy,
    uids: readonly string[],
  ): Promise<void> {
    const stored = await witness.listMessages({ limit: 1000 })
    expect(stored.map(({ uid }) => uid).sort()).toEqual([...uids].sort())
    expect(stored.map(({ id }) => id).sort((one, other) => one - other)).toEqual(
      uids.map((_, index) => index + 1),
    )
    expect(await witness.summary()).toMatchObject({ pending: uids.length })
    expect(proxy.cuts).toBe(1)
  }

  it.each(['response', 'request'] as const)(
    'stores messages once, and reports it, if the connection is lost during the commit: the %s is',
    async (lost) => {
      await using test = await openThroughProxy()
      await createAll(test.store, 'before')
      test.proxy.cutNext(COMMIT, lost)
      const created = await createAll(test.store, 'a', 'b', 'c')
      expect(created.map(({ created: isNew }) => isNew)).toEqual([true, true, true])
      expect(await test.store.findMessage('a')).toEqual(created[0]?.message)
      await expectStoredOnce(test.witness, test.proxy, ['before', 'a', 'b', 'c'])
    },
  )

  it('stores messages once if the connection is lost before the commit', async () => {
    await using test = await openThroughProxy()
    test.proxy.cutNext('for update', 'response')
    await createAll(test.store, 'a', 'b')
    await expectStoredOnce(test.witness, test.proxy, ['a', 'b'])
  })

  it('an edit whose commit may have succeeded is unavailable, and repeating it with its key changes nothing twice', async () => {
    await using test = await openThroughProxy()
    await createAll(test.store, 'a')
    test.proxy.cutNext(COMMIT, 'response')
    const edit = {
      key: 'a',
      content: 'edited',
      updated_at: new Date().toISOString(),
      idempotency: { key: 'k', fingerprint: 'f' },
    }
    await expect(test.store.editMessage(edit)).rejects.toMatchObject({ code: 'unavailable' })
    expect(await test.store.editMessage(edit)).toMatchObject({ changed: false, message: { version: 2 } })
    expect(test.proxy.cuts).toBe(1)
  })

  it('is unavailable while the database is away, and works again once it is back', async () => {
    await using test = await openThroughProxy()
    await using impatient = await openPostgresStore({ url: test.proxy.url, busyTimeout: 100 })
    test.proxy.disconnect()
    const unavailable = { name: 'StoreError', code: 'unavailable' }
    await expect(impatient.createMessage(newMessage())).rejects.toMatchObject(unavailable)
    await expect(impatient.listMessages()).rejects.toMatchObject(unavailable)
    expect(await impatient.isWritable()).toBe(false)

    const waiting = createAll(test.store, 'a')
    test.proxy.reconnect()
    await waiting
    await impatient.createMessage(newMessage())
    expect(await test.witness.listMessages()).toHaveLength(2)
  })

  it('every call fails while the database does not respond, also one that waits for a write before it', async () => {
    await using test = await openThroughProxy()
    await createAll(test.store, 'before')
    test.proxy.freeze()
    const content = 'x'.repeat(60_000) // more than one fits into a group
    const posts = [1, 2, 3, 4].map(() => test.store.createMessage(newMessage({ content })))
    const later = new Promise((resolve) => setTimeout(resolve, 1_000)).then(() => createAll(test.store, 'c'))
    const calls = [
      ...posts,
      later,
      test.store.deleteMessage({ key: 1, updated_at: new Date().toISOString() }),
      test.store.listMessages(),
      test.store.searchMessages({ words: ['x'] }),
      test.store.revision(),
      test.store.settle({ cursor: { commit: 'c', format: 1 } }),
      test.store.assertWritable(),
      test.store.acquireSyncLock(),
      test.store.storage(),
    ]
    for (const outcome of await outcomesOf(calls)) expect(outcome).toBe('unavailable')
    test.proxy.thaw()
    await createAll(test.store, 'after')
    expect((await test.witness.listMessages()).map(({ uid }) => uid)).toEqual(['after', 'before'])
  })

  it('is busy while another transaction holds the counters, without waiting if it must not', async () => {
    await using test = await openThroughProxy()
    await using impatient = await openPostgresStore({ url: test.proxy.url, busyTimeout: 0 })
    const client = new pg.Client({ connectionString: test.proxy.url })
    await client.connect()
    await client.query('begin; select 1 from gitmsg.counters for update')
    await expect(impatient.createMessage(newMessage())).rejects.toMatchObject({ code: 'busy' })
    const waiting = createAll(test.store, 'a')
    await client.query('rollback')
    await waiting
    await client.end()
  })

  /** Locks the counters as another server does that writes. */
  async function holdCounters(url: string) {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query('begin')
    const { rows } = await client.query(
      'update gitmsg.counters set revision = revision + 1 returning revision',
    )
    return {
      revision: Number(rows[0].revision),
      untilAwaited: () =>
        vi.waitFor(async () => {
          const waiting = await client.query('select 1 from pg_locks where not granted')
          expect(waiting.rows).toHaveLength(1)
        }),
      async release() {
        await client.query('commit')
        await client.end()
      },
    }
  }

  it.each<{ what: string; first: Partial<NewMessage>; later: Partial<NewMessage>[]; outcomes: string[] }>([
    {
      what: 'that refer to nothing',
      first: { uid: 'a' },
      later: [{ uid: 'b' }, { uid: 'c' }, { uid: 'b' }],
      outcomes: ['created', 'created', 'created', 'duplicate-uid'],
    },
    {
      what: 'of all kinds, if they must be looked up once more',
      first: { uid: 'a', reply_to: 'parent' },
      later: [
        { uid: 'b', idempotency: { key: 'k', fingerprint: 'f' } },
        { uid: 'c', idempotency: { key: 'k', fingerprint: 'other' } },
        { uid: 'd', reply_to: 'a' },
        { uid: 'e', reply_to: 'nobody' },
        { uid: 'parent' },
      ],
      outcomes: ['created', 'created', 'idempotency-key-reused', 'created', 'invalid-reply', 'duplicate-uid'],
    },
  ])(
    'messages $what join the transaction that waits for the counters',
    async ({ first, later, outcomes }) => {
      const url = await databases.take()
      const store = await openPostgresStore({ url })
      await createAll(store, 'parent')
      const other = await holdCounters(url)
      const calls = [store.createMessage(newMessage(first))]
      await other.untilAwaited()
      calls.push(...later.map((message) => store.createMessage(newMessage(message))))
      await other.release()
      expect(await outcomesOf(calls)).toEqual(outcomes)
      expect(Number((await store.revision()).split('-')[1])).toBe(other.revision + 1)
      await store.close()
      await databases.giveBack(url)
    },
  )

  it('a uid that two stores use at once is stored once, and nothing else is affected', async () => {
    await using test = await openThroughProxy()
    const uids = Array.from({ length: 50 }, (_, index) => `u${index}`)
    const calls = [test.store, test.witness].flatMap((store) =>
      uids.map((uid) => store.createMessage(newMessage({ uid }))),
    )
    const outcomes = await outcomesOf(calls)
    expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(50)
    expect(outcomes.filter((outcome) => outcome === 'duplicate-uid')).toHaveLength(50)
    expect((await test.store.listMessages({ limit: 1000 })).map(({ id }) => id)).toEqual(
      uids.map((_, index) => 50 - index),
    )
  })
})
