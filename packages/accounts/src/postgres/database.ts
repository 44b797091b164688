import { randomUUID } from 'node:crypto'
import { type CompiledQuery, Kysely, sql } from 'kysely'
import { AccountsError } from '../accounts-error.js'
import type { Database } from '../database/database.js'
import { retry } from '../database/retry.js'
import type { Schema } from '../database/schema.js'
import { createPool, type PoolOptions } from './connections.js'
import { LockingDialect } from './locking-dialect.js'
import { assertDurable, inspectSchema } from './migrations/inspect-schema.js'
import { migrateSchema } from './migrations/migrate-schema.js'
import { createMigrations } from './migrations/migrations.js'
import { watchSchema } from './migrations/watch-schema.js'
import { isTransient, isUniqueViolation } from './postgres-error.js'
import { createRevision } from './revision.js'
import { createWriteQueue } from './write-queue.js'

/** Options of {@link openDatabase}. */
export interface DatabaseOptions extends PoolOptions {
  readonly schema: string
  /** How long to wait for the database, and for other writes. */
  readonly busyTimeoutMs: number
  /** Ends only the waiting while opening. */
  readonly signal: AbortSignal | undefined
  /** Whether to create the schema, or to migrate that of an older version. */
  readonly migrate: boolean
  /** Called before the schema is created or migrated. */
  readonly onMigrate: () => void
  /** Called once a newer version of this package has migrated the schema. */
  readonly onNewerSchema: (() => void) | undefined
}

const OLDER = {
  empty: 'the database has no tables of accounts yet',
  outdated: 'the tables are those of an older version of this package',
}

/** Connects to the database, and creates or migrates the schema if necessary. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { url, schema, busyTimeoutMs: timeoutMs, signal, migrate, onMigrate, onNewerSchema } = options
  const { queries, database } = createDatabase(options)
  const attempt = <Result>(work: () => Promise<Result>) =>
    retry(work, { isRetryable: (error) => isTransient(error) || isUniqueViolation(error), timeoutMs, signal })
  const migrations = Object.keys(createMigrations(schema))
  const inspect = () => inspectSchema(queries, { schema, migrations })
  try {
    const state = await attempt(inspect)
    if (!migrate && state !== 'current') throw new AccountsError('older-schema', OLDER[state])
    if (state !== 'current') {
      onMigrate()
      await attempt(() => migrateSchema(url, schema))
    }
    await attempt(() => assertDurable(queries))
  } catch (error) {
    await database.close()
    throw error
  }
  return onNewerSchema ? watchSchema(database, { inspect, onNewerSchema }) : database
}

function createDatabase({ schema, busyTimeoutMs, ...options }: DatabaseOptions) {
  const dialect = new LockingDialect({
    pool: createPool(options),
    lock: () => `update "${schema}".writes set revision = '${randomUUID()}'`,
    lockTimeoutMs: busyTimeoutMs,
  })
  const queries = new Kysely<Schema>({ dialect }).withSchema(schema)
  const enqueue = createWriteQueue(busyTimeoutMs)
  const attempt = <Result>(work: () => Promise<Result>, waitedMs = 0) =>
    retry(work, { isRetryable: isTransient, timeoutMs: busyTimeoutMs - waitedMs })
  const revision = createRevision(() => attempt(() => readRevision(queries, schema)))

  const database: Database = {
    queries,
    read: (work) => attempt(() => work(queries)),
    select: async <Row>(query: CompiledQuery<Row>, parameters: readonly unknown[]) =>
      (await attempt(() => queries.executeQuery<Row>({ ...query, parameters }))).rows,
    async write(work) {
      try {
        return await enqueue((waitedMs) => attempt(() => queries.transaction().execute(work), waitedMs))
      } finally {
        revision.forget()
      }
    },
    revision: revision.read,
    close: () => queries.destroy(),
  }
  return { queries, database }
}

async function readRevision(queries: Kysely<Schema>, schema: string): Promise<string> {
  const { rows } = await sql<{ revision: string }>`
    select revision from ${sql.id(schema, 'writes')}
  `.execute(queries)
  return rows[0]?.revision ?? ''
}
