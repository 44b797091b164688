import { Kysely, type MigrationLockOptions, PostgresAdapter, PostgresDialect } from 'kysely'
import pg from 'pg'
import { migrate } from '../../database/migrate.js'
import { createMigrations } from './migrations.js'

/** Creates a schema, or applies the migrations that it lacks, on a connection of its own, without a limit of time. */
export async function migrateSchema(url: string, schema: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  pool.on('error', () => {})
  const queries = new Kysely({ dialect: new RowLockDialect({ pool }) })
  try {
    await migrate(queries, createMigrations(schema), schema)
  } finally {
    await queries.destroy()
  }
}

class RowLockDialect extends PostgresDialect {
  override createAdapter(): PostgresAdapter {
    return new RowLockAdapter()
  }
}

/** Servers that start at once wait for each other by a row: other engines ignore kysely's advisory lock. */
class RowLockAdapter extends PostgresAdapter {
  override async acquireMigrationLock(
    // biome-ignore lint/suspicious/noExplicitAny: the type of kysely
    queries: Kysely<any>,
    { lockTable, lockRowId, lockTableSchema = 'public' }: MigrationLockOptions,
  ): Promise<void> {
    await queries
      .withSchema(lockTableSchema)
      .selectFrom(lockTable)
      .selectAll()
      .where('id', '=', lockRowId)
      .forUpdate()
      .execute()
  }
}
