import { type Kysely, sql } from 'kysely'
import type { Database } from '../../database/database.js'
import type { Schema } from '../../database/schema.js'
import { openDatabase } from '../database.js'
import { type Latest, NUMBERED } from './tables.js'

/** A database that is copied from or to. Its calls have no limit of time. */
export interface CopyEnd extends AsyncDisposable, Pick<Database, 'write'> {
  readLatest(queries: Kysely<Schema>): Promise<Latest>
  writeLatest(queries: Kysely<Schema>, latest: Latest): Promise<void>
}

const BUSY_TIMEOUT_MS = 5_000
const TABLES = Object.entries(NUMBERED) as [keyof Latest, string][]

/** Connects to a database, and creates the tables if they are missing. */
export async function openPostgresEnd(url: string, schema: string): Promise<CopyEnd> {
  const database = await openDatabase({
    ...{ url, schema, connections: 1, isPatient: true, busyTimeoutMs: BUSY_TIMEOUT_MS },
    ...{ signal: undefined, migrate: true, onMigrate() {}, onNewerSchema: undefined },
  })
  const sequenceOf = (table: string, column: string) =>
    sql`pg_get_serial_sequence(${`"${schema}".${table}`}, ${column})::regclass`
  return {
    write: database.write,
    async readLatest(queries) {
      const latest: Partial<Latest> = {}
      for (const [table, column] of TABLES) {
        const { rows } = await sql<{ number: number }>`
          select coalesce(pg_sequence_last_value(${sequenceOf(table, column)}), 0) as number
        `.execute(queries)
        latest[table] = rows[0]?.number ?? 0
      }
      return latest as Latest
    },
    async writeLatest(queries, latest) {
      for (const [table, column] of TABLES) {
        if (latest[table] === 0) continue
        await sql`select setval(${sequenceOf(table, column)}, ${latest[table]}::bigint)`.execute(queries)
      }
    },
    [Symbol.asyncDispose]: database.close,
  }
}

/** Opens a file, or creates it. */
export async function openSqliteEnd(path: string): Promise<CopyEnd> {
  // Loaded only by who copies from or to a file.
  const sqlite = await import('../../sqlite/database.js')
  const database = await sqlite.openDatabase({ path, busyTimeoutMs: BUSY_TIMEOUT_MS })
  return {
    write: database.write,
    async readLatest(queries) {
      const { rows } = await sql<{ name: keyof Latest; seq: number }>`
        select name, seq from sqlite_sequence
      `.execute(queries)
      const latest = { tokens: 0, audit: 0, held: 0, reports: 0 }
      for (const { name, seq } of rows) latest[name] = seq
      return latest
    },
    async writeLatest(queries, latest) {
      await sql`delete from sqlite_sequence`.execute(queries)
      for (const [name, seq] of Object.entries(latest)) {
        await sql`insert into sqlite_sequence (name, seq) values (${name}, ${seq})`.execute(queries)
      }
    },
    [Symbol.asyncDispose]: database.close,
  }
}
