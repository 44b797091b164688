import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely'
import type { Database, Reader } from '../database/database.js'
import { retry } from '../database/retry.js'
import type { Schema } from '../database/schema.js'
import { StoreError } from '../store-error.js'
import type { SyncWriteOptions } from '../synchronization.js'
import { type Connection, type ConnectionOptions, openConnections } from './connections.js'
import { createMessages, type Transaction } from './create-messages.js'
import { assertDurable, inspectSchema } from './inspect-schema.js'
import { migrateSchema } from './migrations/migrate-schema.js'
import { createMigrations } from './migrations/migrations.js'
import { isTransient } from './postgres-error.js'
import { createReader } from './reader.js'
import type { PostgresTables } from './schema.js'
import { readStorage } from './storage.js'
import { createSyncLease } from './sync-lease.js'
import { runTransaction } from './transaction.js'
import { watchSchema } from './watch-schema.js'
import { createWriter } from './writer/writer.js'

/** Options of {@link openDatabase}. */
export interface DatabaseOptions extends ConnectionOptions {
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
  empty: 'the database has no tables yet',
  outdated: 'the tables are those of an older version of this package',
}

/** Connects to the database, and creates or migrates the schema if necessary. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { url, schema, busyTimeoutMs: timeoutMs, signal, migrate, onMigrate, onNewerSchema } = options
  const connections = openConnections(options)
  const attempt = <Result>(work: () => Promise<Result>) =>
    retry(work, { isRetryable: isTransient, timeoutMs, signal })
  const migrations = Object.keys(createMigrations(schema))
  const inspect = () => connections.run(({ client }) => inspectSchema(client, { schema, migrations }))
  try {
    const state = await attempt(inspect)
    if (!migrate && state !== 'current') throw new StoreError('older-schema', OLDER[state])
    if (state !== 'current') {
      onMigrate()
      await attempt(() => migrateSchema(url, schema))
    }
    await attempt(() => connections.run(({ client }) => assertDurable(client)))
  } catch (error) {
    await connections.close()
    throw error
  }
  const database = createDatabase(options, connections)
  return onNewerSchema ? watchSchema(database, { inspect, onNewerSchema }) : database
}

function createDatabase(
  { schema, busyTimeoutMs }: DatabaseOptions,
  connections: ReturnType<typeof openConnections>,
): Database {
  const lease = createSyncLease(connections, schema)
  const attempt = <Result>(work: () => Promise<Result>) =>
    retry(work, { isRetryable: isTransient, timeoutMs: busyTimeoutMs })
  const readOnce: Database['read'] = (work) =>
    connections.run(({ queries }) => work(createReader(queries, schema)))

  /** Runs one transaction, once. */
  async function transact<Result>(
    work: (transaction: Transaction) => Promise<Result>,
    { lock }: SyncWriteOptions = {},
  ): Promise<Result> {
    const term = lock && lease.termOf(lock)
    try {
      return await connections.run((connection) =>
        runTransaction(connection, { schema, lockTimeoutMs: busyTimeoutMs, term }, (counters) => {
          const reader = createReader(connection.queries, schema)
          return work({ reader, counters, writer: createWriter(reader, counters) })
        }),
      )
    } catch (error) {
      if (lock && error instanceof StoreError && error.code === 'lock-lost') lease.lose(lock)
      throw error
    }
  }

  const read: Database['read'] = (work) => attempt(() => readOnce(work))
  const write: Database['write'] = (work, options) =>
    attempt(() => transact(({ writer }) => work(writer), options))

  return {
    ...createReader(createDryQueries().withSchema(schema), schema),
    read,
    snapshot: (work) => attempt(() => connections.run((connection) => inOneState(connection, schema, work))),
    write,
    createMessages: (messages, now) =>
      createMessages({ read: readOnce, transact, timeoutMs: busyTimeoutMs }, messages, now),
    async revision() {
      const { revision } = await read(({ queries }) =>
        queries
          .withTables<PostgresTables>()
          .selectFrom('counters')
          .select('revision')
          .executeTakeFirstOrThrow(),
      )
      return String(revision)
    },
    // Counts the revision, so that there is something to commit.
    assertWritable: () => write(async () => {}),
    storage: () => attempt(() => connections.run(({ client }) => readStorage(client, schema))),
    acquireSyncLock: () => attempt(lease.acquire),
    async compact() {
      for (const table of ['messages', 'versions', 'idempotency_keys']) {
        await connections.runAlone(`vacuum full ${schema}.${table}`)
      }
    },
    async close() {
      await lease.releaseAll()
      await connections.close()
    },
  }
}

async function inOneState<Result>(
  { client, queries }: Connection,
  schema: string,
  work: (reader: Reader) => Promise<Result>,
): Promise<Result> {
  await client.query('begin isolation level repeatable read, read only')
  try {
    return await work(createReader(queries, schema))
  } finally {
    await client.query('rollback')
  }
}

/** Builds and compiles queries without a connection. */
const createDryQueries = (): Kysely<Schema> =>
  new Kysely<Schema>({
    dialect: {
      createDriver: () => Object.assign(new DummyDriver(), { acquireConnection: rejectRunning }),
      createAdapter: () => new PostgresAdapter(),
      createQueryCompiler: () => new PostgresQueryCompiler(),
      createIntrospector: (queries) => new PostgresIntrospector(queries),
    },
  })

const rejectRunning = () => Promise.reject(new Error('queries are only built here'))
