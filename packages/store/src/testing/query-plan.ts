import BetterSqlite3 from 'better-sqlite3'
import {
  type CompiledQuery,
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { onTestFinished } from 'vitest'
import type { Schema } from '../database/schema.js'
import { createReader } from '../sqlite/writer.js'

/** Builds and compiles queries without a database. */
export const DRY_QUERIES = new Kysely<Schema>({
  dialect: {
    createDriver: () => new DummyDriver(),
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (database) => new SqliteIntrospector(database),
  },
})

/** The same, with what is not built. */
export const DRY_READER = createReader(DRY_QUERIES)

/** Opens a file to {@link explain} queries on it, until the end of the test. */
export function openToExplain(path: string): BetterSqlite3.Database {
  const reader = new BetterSqlite3(path, { readonly: true })
  onTestFinished(() => void reader.close())
  return reader
}

/** SQLite's plan for running a query: one line for each step. */
export function explain(reader: BetterSqlite3.Database, { sql, parameters }: CompiledQuery): string[] {
  const steps = reader.prepare(`explain query plan ${sql}`).all(...parameters) as { detail: string }[]
  return steps.map(({ detail }) => detail)
}
