import BetterSqlite3 from 'better-sqlite3'
import { CompiledQuery, Kysely, sql } from 'kysely'
import type { Schema } from '../../database/schema.js'
import { openStore } from '../../open-store.js'
import { configureConnection } from '../../sqlite/configure-connection.js'
import { createImmediateDialect } from '../../sqlite/immediate-dialect.js'
import { createWriter } from '../../sqlite/writer.js'
import type { CopyEnd, CopyWriter } from './copy-end.js'
import { type CopiedState, type CopiedTable, CURSOR_COLUMNS } from './tables.js'

const BUSY_TIMEOUT_MS = 5_000

/** Opens a file, or creates it. */
export async function openSqliteEnd(path: string): Promise<CopyEnd> {
  const store = await openStore({ path })
  const handle = new BetterSqlite3(path, { timeout: BUSY_TIMEOUT_MS, fileMustExist: true })
  configureConnection(handle, 'current')
  const queries = new Kysely<Schema>({ dialect: createImmediateDialect(handle) })
  return {
    store,
    readState,
    write: (work) => queries.transaction().execute((transaction) => work(createCopyWriter(transaction))),
    async [Symbol.asyncDispose]() {
      await queries.destroy()
      await store.close()
    },
  }
}

async function readState(queries: Kysely<Schema>): Promise<CopiedState> {
  const { epoch, position } = await queries
    .selectFrom('feed')
    .select(['epoch', 'position'])
    .executeTakeFirstOrThrow()
  const { rows } = await sql<{ name: string; seq: number }>`select name, seq from sqlite_sequence`.execute(
    queries,
  )
  const latest = Object.fromEntries(rows.map(({ name, seq }) => [name, seq]))
  return {
    last_id: latest.messages ?? 0,
    sequence: latest.outbox ?? 0,
    version_number: latest.versions ?? 0,
    position,
    epoch,
    cursor: await queries.selectFrom('cursor').select(CURSOR_COLUMNS).executeTakeFirstOrThrow(),
  }
}

/** Triggers count the outbox and the topics. */
function createCopyWriter(queries: Kysely<Schema>): CopyWriter {
  const run = (statement: string, values: readonly unknown[]) =>
    queries.executeQuery(CompiledQuery.raw(statement, [...values]))

  return {
    queries,
    renewEpoch: () => createWriter(queries).positions.renewEpoch(),
    async insert({ name, columns }: CopiedTable, rows) {
      const statement = `insert into ${name} (${columns}) values (${columns.map(() => '?')})`
      for (const row of rows)
        await run(
          statement,
          columns.map((column) => row[column]),
        )
    },
    async finish({ last_id, sequence, version_number, position, epoch, cursor }) {
      await queries
        .updateTable('cursor')
        .set(cursor as object)
        .execute()
      await queries.updateTable('feed').set({ epoch, position }).execute()
      await run('update search_progress set indexed = 0, until = ?, tail_after = ?', [last_id, last_id])
      const latest = { messages: last_id, outbox: sequence, versions: version_number }
      await run(`delete from sqlite_sequence where name in ('messages', 'outbox', 'versions')`, [])
      for (const values of Object.entries(latest)) {
        await run('insert into sqlite_sequence (name, seq) values (?, ?)', values)
      }
    },
  }
}
