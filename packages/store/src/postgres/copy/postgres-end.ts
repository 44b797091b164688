import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import type { Schema } from '../../database/schema.js'
import { BIGINTS_AS_NUMBERS } from '../connections.js'
import { openPostgresStore } from '../open-postgres-store.js'
import { createReader } from '../reader.js'
import { createEpoch, type PostgresTables } from '../schema.js'
import type { CopyEnd, CopyWriter } from './copy-end.js'
import { type CopiedState, CURSOR_COLUMNS } from './tables.js'

const STATE_COLUMNS = ['last_id', 'sequence', 'version_number', 'position', 'epoch'] as const

/** Connects to a database, and creates the tables if they are missing. */
export async function openPostgresEnd(url: string, schema: string): Promise<CopyEnd> {
  const store = await openPostgresStore({ url, schema, connections: 3 })
  const pool = new pg.Pool({ connectionString: url, max: 1, keepAlive: true, types: BIGINTS_AS_NUMBERS })
  pool.on('error', () => {})
  const queries = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) }).withSchema(schema)
  const write: CopyEnd['write'] = (work) =>
    queries.transaction().execute(async (transaction) => {
      await sql`set local statement_timeout = 0`.execute(transaction)
      await sql`set local idle_in_transaction_session_timeout = 0`.execute(transaction)
      await tablesOf(transaction).selectFrom('counters').select('revision').forUpdate().execute()
      return work(createCopyWriter(transaction, schema))
    })
  return {
    store,
    readState,
    write,
    async [Symbol.asyncDispose]() {
      await queries.destroy()
      await store.close()
    },
  }
}

const tablesOf = (queries: Kysely<Schema>) => queries.withTables<PostgresTables>()

async function readState(queries: Kysely<Schema>): Promise<CopiedState> {
  return {
    ...(await tablesOf(queries).selectFrom('counters').select(STATE_COLUMNS).executeTakeFirstOrThrow()),
    cursor: await queries.selectFrom('cursor').select(CURSOR_COLUMNS).executeTakeFirstOrThrow(),
  }
}

function createCopyWriter(queries: Kysely<Schema>, schema: string): CopyWriter {
  const { name } = createReader(queries, schema)

  /** Triggers count nothing here. */
  const derive = () => [
    sql`insert into ${name('feed_order')} (position, message_id) select position, id from ${name('messages')}`,
    sql`insert into ${name('topics')} (topic, messages, last_at)
      select topic, count(*), max(timestamp) from ${name('messages')}
      where topic is not null and kind = 0 group by topic`,
    sql`update ${name('counters')} set revision = revision + 1,
      pending = (select count(*) from ${name('outbox')} where quarantined_at is null),
      quarantined = (select count(*) from ${name('outbox')} where quarantined_at is not null)`,
  ]

  return {
    queries,
    async renewEpoch() {
      await tablesOf(queries).updateTable('counters').set({ epoch: createEpoch() }).execute()
    },
    async insert({ name: table, columns }, rows) {
      const list = sql.join(columns.map((column) => sql.ref(column)))
      await sql`
        insert into ${name(table)} (${list})
        select ${list} from json_populate_recordset(null::${name(table)}, ${JSON.stringify(rows)}::json)
      `.execute(queries)
    },
    async finish({ cursor, ...counters }) {
      await queries
        .updateTable('cursor')
        .set(cursor as object)
        .execute()
      await tablesOf(queries).updateTable('counters').set(counters).execute()
      for (const statement of derive()) await statement.execute(queries)
      await queries.updateTable('search_progress').set({ indexed: 0, until: counters.last_id }).execute()
    },
  }
}
