import BetterSqlite3 from 'better-sqlite3'
import { Kysely } from 'kysely'
import { expect, it } from 'vitest'
import { migrate } from '../../database/migrate.js'
import { NEW_RANK } from '../../database/schema.js'
import { openStore } from '../../index.js'
import { newMessage } from '../../testing/index.js'
import { FIRST_VERSION } from '../../testing/messages.js'
import { temporaryPath } from '../../testing/temporary-store.js'
import { createImmediateDialect } from '../immediate-dialect.js'
import { APPLICATION_ID } from '../inspect-file.js'
import { init } from './0001-init.js'
import { historyLost } from './0002-history-lost.js'

const TIME = '2025-01-09T00:06:41.000Z'
const common = { content: 'hello', sender: 'ada', timestamp: TIME, created_at: TIME, updated_at: TIME }

/** As written before 0003: a pending message, an imported one, and a quarantined one with an idempotency key. */
async function writeOldDatabase(path: string): Promise<void> {
  const handle = new BetterSqlite3(path)
  handle.pragma(`application_id = ${APPLICATION_ID}`)
  const queries = new Kysely<unknown>({ dialect: createImmediateDialect(handle) })
  await migrate(queries, { '0001_init': init, '0002_history_lost': historyLost })
  handle.exec(`
    insert into messages
      (id, uid, content, sender, timestamp, git_hash, is_synchronized, created_at, updated_at, path, file_id)
    values
      (1, 'pending', 'hello', 'ada', '${TIME}', null, 0, '${TIME}', '${TIME}', 'messages/1.json', 1),
      (2, 'imported', 'hello', 'ada', '${TIME}', 'c1', 1, '${TIME}', '${TIME}', 'messages/7.json', 7),
      (3, 'quarantined', 'hello', 'ada', '${TIME}', null, 0, '${TIME}', '${TIME}', 'messages/3.json', 3);
    insert into outbox (message_id, created_at) values (1, '${TIME}'), (3, '${TIME}');
    update outbox set quarantined_at = '${TIME}', quarantine_reason = 'no' where message_id = 3;
    insert into idempotency_keys values ('order-7', 'abc', 3, '${TIME}');
    update cursor set "commit" = 'c1', format = 1, last_synchronized_at = '${TIME}';
  `)
  handle.close()
}

it('a database written before migration 0003 keeps its rows, and reads file_id as origin_id', async () => {
  const path = temporaryPath()
  await writeOldDatabase(path)
  await using store = await openStore({ path })

  const first = { ...FIRST_VERSION, ...common }
  const pending = { ...first, id: 1, uid: 'pending', path: 'messages/1.json', origin_id: 1, position: 1 }
  const quarantined = {
    ...first,
    id: 3,
    uid: 'quarantined',
    path: 'messages/3.json',
    origin_id: 3,
    position: 3,
  }
  const imported = {
    ...first,
    position: 2,
    synchronized_version: 1,
    id: 2,
    uid: 'imported',
    git_hash: 'c1',
    is_synchronized: true,
    path: 'messages/7.json',
    origin_id: 7,
  }
  expect(await store.listMessages()).toEqual([quarantined, imported, pending])
  expect(await store.oldestChanges(10)).toEqual([{ sequence: 1, rank: NEW_RANK, message: pending }])
  expect(await store.quarantinedChanges()).toEqual([
    { sequence: 2, rank: NEW_RANK, message: quarantined, reason: 'no', quarantined_at: TIME },
  ])
  expect(await store.cursor()).toEqual({ commit: 'c1', format: 1 })
  expect(await store.summary()).toEqual({
    pending: 1,
    quarantined: 1,
    oldest_pending_at: TIME,
    last_synchronized_at: TIME,
    history_lost_at: null,
  })
  const idempotency = { key: 'order-7', fingerprint: 'abc' }
  expect(await store.createMessage(newMessage({ idempotency }))).toEqual({
    message: quarantined,
    created: false,
  })
  expect((await store.createMessage(newMessage())).message).toMatchObject({ id: 4, origin_id: 4 })
})

it('migration 0003 renames the column of messages and leaves no file_id', async () => {
  const path = temporaryPath()
  await writeOldDatabase(path)
  await (await openStore({ path })).close()

  const reader = new BetterSqlite3(path, { readonly: true })
  const columns = reader.prepare("select name from pragma_table_info('messages')").pluck().all()
  expect(columns).toContain('origin_id')
  expect(columns).not.toContain('file_id')
  expect(reader.pragma('integrity_check', { simple: true })).toBe('ok')
  reader.close()
})
