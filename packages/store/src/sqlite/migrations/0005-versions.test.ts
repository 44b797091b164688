import BetterSqlite3 from 'better-sqlite3'
import { Kysely } from 'kysely'
import { expect, it } from 'vitest'
import { migrate } from '../../database/migrate.js'
import { NEW_RANK } from '../../database/schema.js'
import { openStore, type Store } from '../../index.js'
import { newMessage } from '../../testing/index.js'
import { edit, FIRST_VERSION, pendingVersions, publish } from '../../testing/messages.js'
import { temporaryPath } from '../../testing/temporary-store.js'
import { createImmediateDialect } from '../immediate-dialect.js'
import { APPLICATION_ID } from '../inspect-file.js'
import { MIGRATIONS } from './migrations.js'

const TIME = '2025-01-09T00:06:41.000Z'
const OLDER = [1, 2, 3, 4]

/**
 * As written after this number of migrations: a pending message with an idempotency key, a synchronized one, an
 * imported one, a quarantined one, and another pending one. One more with an id and a sequence was there once.
 */
async function writeOldDatabase(path: string, applied: number): Promise<void> {
  const handle = new BetterSqlite3(path)
  handle.pragma(`application_id = ${APPLICATION_ID}`)
  const queries = new Kysely<unknown>({ dialect: createImmediateDialect(handle) })
  await migrate(queries, Object.fromEntries(Object.entries(MIGRATIONS).slice(0, applied)))
  const origin = applied < 3 ? 'file_id' : 'origin_id'
  const row = (id: number, uid: string, hash: string | null, originId = id) =>
    `(${id}, '${uid}', 'text of ${uid}', 'ada', '${TIME}', ${hash}, ${hash ? 1 : 0}, '${TIME}', '${TIME}', 'messages/${uid}', ${originId})`
  handle.exec(`
    insert into messages
      (id, uid, content, sender, timestamp, git_hash, is_synchronized, created_at, updated_at, path, ${origin})
    values ${[
      row(1, 'pending', null),
      row(2, 'synchronized', "'c1'"),
      row(5, 'imported', "'c2'", 77),
      row(6, 'quarantined', null),
      row(7, 'late', null),
      row(9, 'gone', null),
    ].join(', ')};
    insert into outbox (message_id, created_at)
      values (1, '${TIME}'), (2, '${TIME}'), (6, '${TIME}'), (7, '${TIME}'), (9, '${TIME}');
    update outbox set quarantined_at = '${TIME}', quarantine_reason = 'no' where message_id = 6;
    delete from outbox where message_id in (2, 9);
    delete from messages where id = 9;
    insert into idempotency_keys values ('order-7', 'abc', 1, '${TIME}');
    update cursor set "commit" = 'c2', format = 1, last_synchronized_at = '${TIME}';
  `)
  handle.close()
}

const message = (id: number, uid: string, fields: object = {}) => ({
  ...FIRST_VERSION,
  id,
  uid,
  content: `text of ${uid}`,
  sender: 'ada',
  timestamp: TIME,
  created_at: TIME,
  updated_at: TIME,
  path: `messages/${uid}`,
  origin_id: id,
  position: id,
  ...fields,
})
const known = (git_hash: string) => ({ git_hash, is_synchronized: true, synchronized_version: 1 })

async function expectMigrated(store: Store): Promise<void> {
  const pending = message(1, 'pending')
  const quarantined = message(6, 'quarantined')
  const late = message(7, 'late')
  const synchronized = message(2, 'synchronized', known('c1'))
  const imported = message(5, 'imported', { ...known('c2'), origin_id: 77 })
  expect(await store.listMessages()).toEqual([late, quarantined, imported, synchronized, pending])
  expect(await store.oldestChanges(10)).toEqual([
    { sequence: 1, rank: NEW_RANK, message: pending },
    { sequence: 4, rank: NEW_RANK, message: late },
  ])
  expect(await store.quarantinedChanges()).toEqual([
    { sequence: 3, rank: NEW_RANK, message: quarantined, reason: 'no', quarantined_at: TIME },
  ])
  expect(await store.cursor()).toEqual({ commit: 'c2', format: 1 })
  expect(await store.summary()).toEqual({
    pending: 2,
    quarantined: 1,
    oldest_pending_at: TIME,
    last_synchronized_at: TIME,
    history_lost_at: null,
  })
  const { epoch, position } = await store.position()
  expect(epoch).toMatch(/^[0-9a-f]{16}$/)
  expect(position).toBe(7)
  expect(await store.listTopics()).toEqual([])
}

it.each(OLDER)(
  'a database with data of this number of migrations keeps all of it, and what is new works: %i',
  async (applied) => {
    const path = temporaryPath()
    await writeOldDatabase(path, applied)
    await using store = await openStore({ path, clock: () => Date.parse(TIME) })
    await expectMigrated(store)

    const idempotency = { key: 'order-7', fingerprint: 'abc' }
    expect(await store.createMessage(newMessage({ idempotency }))).toEqual({
      message: message(1, 'pending'),
      created: false,
    })
    // The ids and sequences of messages and changes that are gone are not given again.
    const { message: posted } = await store.createMessage(newMessage({ uid: 'new', topic: 'deploys' }))
    expect(posted).toMatchObject({ id: 10, origin_id: 10, position: 8 })
    expect((await store.oldestChanges(10)).at(-1)?.sequence).toBe(6)

    const search = { words: ['text'], phrases: ['of late'] }
    await expect(store.searchMessages(search)).rejects.toMatchObject({ code: 'indexing' })
    await store.buildSearchIndex()
    expect((await store.searchMessages(search)).messages).toEqual([message(7, 'late')])
    await edit(store, 'synchronized', 'x')
    await publish(store, 'synchronized 2', 'pending 1')
    await store.resetSynchronization()
    const lost = ['synchronized 1', 'imported 1', 'synchronized 2', 'pending 1']
    expect(await pendingVersions(store)).toEqual([...lost, 'late 1', 'new 1'])
    const reader = new BetterSqlite3(path, { readonly: true })
    expect(reader.pragma('integrity_check', { simple: true })).toBe('ok')
    expect(reader.pragma('foreign_key_check')).toEqual([])
    expect(await store.checkSearchIndex()).toBe('equal')
    reader.close()
  },
)

it('a migrated database is the same when it is opened again', async () => {
  const path = temporaryPath()
  await writeOldDatabase(path, 4)
  const first = await openStore({ path })
  const position = await first.position()
  await first.close()
  await using second = await openStore({ path })
  await expectMigrated(second)
  expect(await second.position()).toEqual(position)
})

it('a database of a later migration is rejected as newer-schema, and is not changed', async () => {
  const path = temporaryPath()
  await (await openStore({ path })).close()
  const handle = new BetterSqlite3(path)
  handle.exec(`insert into schema_version values ('9999_later', '${TIME}')`)
  handle.close()
  await expect(openStore({ path })).rejects.toMatchObject({ name: 'StoreError', code: 'newer-schema' })
})

it('the kind of a message cannot contradict its format and deletion', async () => {
  const path = temporaryPath()
  const store = await openStore({ path })
  await store.createMessage(newMessage())
  await store.close()
  const handle = new BetterSqlite3(path)
  expect(() => handle.exec('update messages set kind = 1')).toThrow(/CHECK constraint failed/)
  expect(() => handle.exec(`update messages set deleted_at = '${TIME}'`)).toThrow(/CHECK constraint failed/)
  handle.close()
})
