import { createDatabase, findPostgres, query, type TestDatabase } from '@gitmsg/test-postgres'
import { describe, expect, it, vi } from 'vitest'
import { newMessage } from '../testing/index.js'
import { openPostgresStore } from './index.js'

const URL_OF_NOTHING = 'postgres://127.0.0.1:1/nothing'

it.each([
  [{ url: 'mysql://host/database' }],
  [{ url: 'host/database' }],
  [{ url: undefined }],
  [{ url: URL_OF_NOTHING, schema: 'a"b' }],
  [{ url: URL_OF_NOTHING, connections: 0 }],
  [{ url: URL_OF_NOTHING, busyTimeout: -1 }],
  [{ url: URL_OF_NOTHING, conections: 5 }],
])('openPostgresStore() rejects an invalid option: %j', async (options) => {
  await expect(openPostgresStore(options as never)).rejects.toMatchObject({
    name: 'StoreError',
    code: 'invalid-argument',
    message: expect.not.stringContaining('mysql'),
  })
})

it('openPostgresStore() waits for a server that is away, no longer than busyTimeout', async () => {
  const opening = openPostgresStore({ url: URL_OF_NOTHING, busyTimeout: 50 })
  await expect(opening).rejects.toMatchObject({ name: 'StoreError', code: 'unavailable' })
})

it('openPostgresStore() stops waiting when its signal aborts', async () => {
  const opening = openPostgresStore({
    url: URL_OF_NOTHING,
    busyTimeout: 60_000,
    signal: AbortSignal.timeout(50),
  })
  await expect(opening).rejects.toMatchObject({ name: 'StoreError', code: 'aborted' })
})

const server = await findPostgres()

describe.skipIf(server === null)('openPostgresStore()', () => {
  /** Runs a test with an empty database of its own. */
  const withDatabase = (test: (database: TestDatabase) => Promise<void>) => async () => {
    const database = await createDatabase(server ?? '')
    try {
      await test(database)
    } finally {
      await database.drop()
    }
  }

  it(
    'finds the messages of an earlier store in the same schema, and none of another schema',
    withDatabase(async ({ url }) => {
      const first = await openPostgresStore({ url })
      const { message } = await first.createMessage(newMessage())
      await first.close()
      await using second = await openPostgresStore({ url })
      expect(await second.findMessage(message.id)).toEqual(message)
      await using other = await openPostgresStore({ url, schema: 'other' })
      expect(await other.listMessages()).toEqual([])
      expect((await other.position()).epoch).not.toBe((await second.position()).epoch)
    }),
  )

  it(
    'succeeds for several servers that create the same tables at once',
    withDatabase(async ({ url }) => {
      const stores = await Promise.all(
        Array.from({ length: 4 }, () => openPostgresStore({ url, busyTimeout: 30_000 })),
      )
      await Promise.all(stores.map((store) => store.createMessage(newMessage())))
      expect(await stores[0]?.listMessages()).toHaveLength(4)
      await Promise.all(stores.map((store) => store.close()))
    }),
  )

  it(
    'rejects the tables of another program, and changes nothing',
    withDatabase(async ({ url }) => {
      await query(url, 'create schema gitmsg; create table gitmsg.messages (id int)')
      await expect(openPostgresStore({ url })).rejects.toMatchObject({ code: 'not-a-store' })
      const tables =
        "select count(*)::int as count from information_schema.tables where table_schema = 'gitmsg'"
      expect(await query(url, tables)).toEqual([{ count: 1 }])
    }),
  )

  it(
    'leaves missing and older tables as they are if it is not to migrate',
    withDatabase(async ({ url }) => {
      const opening = openPostgresStore({ url, migrate: false })
      await expect(opening).rejects.toMatchObject({
        code: 'older-schema',
        message: 'the database has no tables yet',
      })
      const migrations: string[] = []
      const onMigrate = () => void migrations.push('migrated')
      await (await openPostgresStore({ url, onMigrate })).close()
      await (await openPostgresStore({ url, migrate: false, onMigrate })).close()
      expect(migrations).toEqual(['migrated'])
      await query(url, 'delete from gitmsg.schema_version')
      await expect(openPostgresStore({ url, migrate: false })).rejects.toMatchObject({
        code: 'older-schema',
        message: 'the tables are those of an older version of this package',
      })
    }),
  )

  it(
    'reports once that a newer version has migrated the tables',
    withDatabase(async ({ url }) => {
      const onNewerSchema = vi.fn()
      await using store = await openPostgresStore({ url, onNewerSchema })
      await query(url, "insert into gitmsg.schema_version values ('9999_later', now())")
      await vi.waitFor(() => expect(onNewerSchema).toHaveBeenCalledTimes(1))
      expect(await store.isWritable()).toBe(true)
    }),
  )

  it(
    'rejects the tables of a newer version',
    withDatabase(async ({ url }) => {
      await (await openPostgresStore({ url })).close()
      await query(url, "insert into gitmsg.schema_version values ('9999_later', now())")
      await expect(openPostgresStore({ url })).rejects.toMatchObject({ code: 'newer-schema' })
    }),
  )

  it(
    'rejects a database that commits without waiting for the disk, and names the setting',
    withDatabase(async ({ url }) => {
      const name = new URL(url).pathname.slice(1)
      await query(url, `alter database ${name} set synchronous_commit = off`)
      await expect(openPostgresStore({ url })).rejects.toMatchObject({
        code: 'unsafe',
        message: expect.stringContaining('synchronous_commit'),
      })
    }),
  )

  it(
    'a read-only database, as a standby is, can be read and is not writable',
    withDatabase(async ({ url }) => {
      const first = await openPostgresStore({ url })
      await first.createMessage(newMessage())
      await first.close()
      const name = new URL(url).pathname.slice(1)
      await query(url, `alter database ${name} set default_transaction_read_only = on`)

      await using store = await openPostgresStore({ url })
      expect(await store.listMessages()).toHaveLength(1)
      expect(await store.isWritable()).toBe(false)
      await expect(store.createMessage(newMessage())).rejects.toMatchObject({ code: 'unwritable' })
    }),
  )

  it(
    'rejects a wrong password or database without waiting, and repeats neither',
    withDatabase(async ({ url }) => {
      const wrong = new URL(url)
      wrong.pathname = '/no_such_database'
      const missing = openPostgresStore({ url: wrong.href, busyTimeout: 60_000 })
      await expect(missing).rejects.toMatchObject({
        code: 'unavailable',
        message: 'the database does not exist',
      })
      const denied = new URL(url)
      denied.username = 'no_such_user'
      denied.password = 'secret'
      await expect(openPostgresStore({ url: denied.href, busyTimeout: 60_000 })).rejects.toMatchObject({
        code: 'unavailable',
        message: 'the database rejected the user or the password',
      })
    }),
  )

  it(
    'settling messages changes the indexes of hardly any',
    withDatabase(async ({ url }) => {
      const store = await openPostgresStore({ url })
      const uids = Array.from({ length: 200 }, (_, index) => `u${index}`)
      await Promise.all(uids.map((uid) => store.createMessage(newMessage({ uid, topic: 'a' }))))
      const published = uids.map((uid) => ({ uid, version: 1, git_hash: 'c1' }))
      await store.settle({ published, cursor: { commit: 'c1', format: 1 } })
      await store.close() // its sessions report what they did when they end
      const updates = async () => {
        const [row] = await query<{ all: number; in_place: number }>(
          url,
          `select n_tup_upd::int as all, n_tup_hot_upd::int as in_place from pg_stat_user_tables
           where schemaname = 'gitmsg' and relname = 'messages'`,
        )
        return row?.all === 200 ? row.in_place : 0
      }
      // A row with a hash is a little longer, so that a page may lack the room for its last ones.
      await expect.poll(updates, { timeout: 20_000 }).toBeGreaterThan(180)
    }),
  )
})
