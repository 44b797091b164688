import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely'
import type { QueryResult } from 'pg'
import type { Database, WriteOptions } from '../database/database.js'
import { retry } from '../database/retry.js'
import type { Schema } from '../database/schema.js'
import { createSharedRead } from '../database/shared-read.js'
import { StoreError } from '../store-error.js'
import { type Connection, type ConnectionOptions, openConnections } from './connections.js'
import { createMessages, type Transaction } from './create-messages.js'
import { createHints } from './hints.js'
import { assertDurable, inspectSchema } from './migrations/inspect-schema.js'
import { migrateSchema } from './migrations/migrate-schema.js'
import { createMigrations } from './migrations/migrations.js'
import { watchSchema } from './migrations/watch-schema.js'
import { isTransient } from './postgres-error.js'
import { createReader, type PostgresReader } from './reader.js'
import type { Counters } from './schema.js'
import { readStorage } from './storage.js'
import { createSyncLease } from './sync-lease.js'
import { beginWriting, runTransaction } from './transaction.js'
import { createWriter } from './writer/writer.js'

/** Options of {@link openDatabase}. */
export interface DatabaseOptions extends ConnectionOptions {
  /** Where to listen; `null`: writes are not announced. */
  readonly listenUrl: string | null
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

/** Gets the rows of the statements before it, the last ones first, which cost no round trips of their own. */
type WorkAfter<Result> = (reader: PostgresReader, ...rows: (readonly unknown[])[]) => Promise<Result>

/** A {@link Database} with what search needs, too. */
export interface PostgresDatabase extends Database {
  readonly schema: string
  readonly name: PostgresReader['name']
  /** As in {@link Database}, beginning with these statements. */
  snapshot<Result>(work: WorkAfter<Result>, ...statements: string[]): Promise<Result>
  /** Runs a transaction for which no other write waits, beginning with this statement. It must be safe to repeat. */
  transact<Result>(work: WorkAfter<Result>, statement: string): Promise<Result>
}

/** Connects to the database, and creates or migrates the schema if necessary. */
export async function openDatabase(options: DatabaseOptions): Promise<PostgresDatabase> {
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

/** A write that has waited long before it began still waits this long for another one. */
const MIN_LOCK_TIMEOUT_MS = 500

function createDatabase(
  { schema, listenUrl, busyTimeoutMs }: DatabaseOptions,
  connections: ReturnType<typeof openConnections>,
): PostgresDatabase {
  const lease = createSyncLease(connections, schema)
  const hints = listenUrl === null ? null : createHints(listenUrl, schema)
  const attempt = <Result>(work: () => Promise<Result>, waitedMs = 0) =>
    retry(work, { isRetryable: isTransient, timeoutMs: busyTimeoutMs - waitedMs })
  const readOnce: Database['read'] = (work) =>
    connections.run(({ queries }) => work(createReader(queries, schema)))

  /** Runs one transaction, once. */
  async function writeOnce<Result>(
    work: (transaction: Transaction) => Promise<Result>,
    { lock, waitedMs = 0 }: WriteOptions = {},
  ): Promise<Result> {
    const term = lock && lease.termOf(lock)
    const lockTimeoutMs = Math.max(busyTimeoutMs - waitedMs, Math.min(busyTimeoutMs, MIN_LOCK_TIMEOUT_MS))
    try {
      return await connections.run((connection) =>
        runTransaction(
          connection,
          { schema, lockTimeoutMs, term, isAnnounced: hints !== null },
          (running) => {
            const reader = createReader(connection.queries, schema)
            return work({ ...running, reader, writer: createWriter(reader, running.counters) })
          },
        ),
      )
    } catch (error) {
      if (lock && error instanceof StoreError && error.code === 'lock-lost') lease.lose(lock)
      throw error
    }
  }

  const workIn = async <Result>(
    { client, queries }: Connection,
    beginning: readonly string[],
    work: WorkAfter<Result>,
  ): Promise<Result> => {
    const results = [(await client.query(beginning.join('; '))) as QueryResult | QueryResult[]].flat()
    return work(createReader(queries, schema), ...results.map(({ rows }) => rows).reverse())
  }

  const snapshot: PostgresDatabase['snapshot'] = (work, ...statements) => {
    const beginning = ['begin isolation level repeatable read, read only', ...statements]
    return attempt(() => connections.run((connection) => workIn(connection, beginning, work), 'rollback'))
  }
  const transact: PostgresDatabase['transact'] = (work, statement) => {
    const beginning = [...beginWriting(busyTimeoutMs), statement]
    return attempt(() =>
      connections.run(async (connection) => {
        try {
          const result = await workIn(connection, beginning, work)
          await connection.client.query('commit')
          return result
        } catch (error) {
          await connection.client.query('rollback').catch(() => {})
          throw error
        }
      }),
    )
  }
  const read: Database['read'] = (work) => attempt(() => readOnce(work))
  const write: Database['write'] = (work, options) =>
    attempt(() => writeOnce(({ writer }) => work(writer), options), options?.waitedMs)

  /** Asked for by every request of a list, so it takes little beside the round trip. */
  const readLatest = createSharedRead(async () => {
    const select = `select epoch, position, revision from "${schema}".counters`
    const { rows } = await attempt(() => connections.run(({ client }) => client.query(select)))
    return rows[0] as Pick<Counters, 'epoch' | 'position' | 'revision'>
  })

  return {
    ...createReader(createDryQueries().withSchema(schema), schema),
    read,
    schema,
    snapshot,
    transact,
    write,
    createMessages(group, now) {
      const transact = <Result>(work: (transaction: Transaction) => Promise<Result>) =>
        writeOnce(work, { waitedMs: group.waitedMs })
      const timeoutMs = busyTimeoutMs - group.waitedMs
      return createMessages({ read: readOnce, transact, timeoutMs }, group, now)
    },
    async position() {
      const { epoch, position } = await readLatest()
      return { epoch, position }
    },
    async revision() {
      const { epoch, revision } = await readLatest()
      // A standby that was promoted counts again from where it was.
      return `${epoch}-${revision}`
    },
    ...(hints && { onChange: hints.onChange }),
    // Counts the revision, so that there is something to commit.
    assertWritable: () => write(async () => {}),
    storage: () => attempt(() => connections.run(({ client }) => readStorage(client, schema))),
    acquireSyncLock: () => attempt(lease.acquire),
    async compact() {
      for (const table of ['messages', 'versions', 'idempotency_keys', 'search_index']) {
        await connections.runAlone(`vacuum full "${schema}".${table}`)
      }
    },
    async close() {
      await lease.releaseAll()
      await hints?.close()
      await connections.close()
    },
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
