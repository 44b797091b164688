import BetterSqlite3 from 'better-sqlite3'
import { CompiledQuery, Kysely, sql, type Transaction } from 'kysely'
import { MIGRATIONS, migrate } from '../migrations/migrations.js'
import type { Store } from '../store.js'
import { assertDurable, assertSafeSqlite, configureConnection } from './configure-connection.js'
import { loadDriver } from './driver.js'
import { ensureFile } from './ensure-file.js'
import { createImmediateDialect } from './immediate-dialect.js'
import { inspectFile } from './inspect-file.js'
import { retryWhileBusy } from './retry-while-busy.js'
import type { Schema } from './schema.js'

/** How long SQLite itself waits for a lock. It blocks the event loop for that time. */
const BLOCKING_TIMEOUT_MS = 20

const DATA_VERSION = CompiledQuery.raw('pragma data_version') as CompiledQuery<{ data_version: number }>

/**
 * The only access to the database file. Reads and writes wait for each other, and are repeated while another process
 * holds a lock, so their callbacks must await nothing but queries and have no effect but on the database.
 */
export interface Database {
  /** The file, as an absolute path. */
  readonly path: string
  /** Builds and compiles queries; {@link Database.read} and {@link Database.write} run them. */
  readonly queries: Kysely<Schema>
  /** Runs queries that only read. */
  read<Result>(work: (queries: Kysely<Schema>) => Promise<Result>): Promise<Result>
  /** Runs one transaction, which holds the write lock from its beginning. Its result is durable. */
  write<Result>(work: (transaction: Transaction<Schema>) => Promise<Result>): Promise<Result>
  /** @see {@link Store.revision} */
  readonly revision: Store['revision']
  /** @see {@link Store.isWritable} */
  readonly isWritable: Store['isWritable']
  /** Moves the write-ahead log into the file, unless another connection reads it, and closes the file. */
  close(): Promise<void>
}

/**
 * Opens the file, and creates or migrates it if necessary. `busyTimeoutMs` is how long to wait for a lock, here and in
 * every read and write; `signal` ends only the waiting here.
 */
export async function openDatabase(options: {
  path: string
  busyTimeoutMs: number
  signal: AbortSignal | undefined
}): Promise<Database> {
  const { busyTimeoutMs, signal } = options
  const attempt = <Result>(work: () => Promise<Result>) => retryWhileBusy(work, busyTimeoutMs, signal)
  loadDriver()
  assertSafeSqlite()
  const path = ensureFile(options.path)
  const state = await attempt(async () => inspectFile(path, Object.keys(MIGRATIONS)))
  const handle = new BetterSqlite3(path, { timeout: BLOCKING_TIMEOUT_MS, fileMustExist: true })
  const queries = new Kysely<Schema>({ dialect: createImmediateDialect(handle) })

  try {
    await attempt(async () => configureConnection(handle, state))
    if (state !== 'current') await attempt(() => migrate(queries, MIGRATIONS))
  } catch (error) {
    handle.close()
    throw error
  }
  return createDatabase({ path, busyTimeoutMs, queries })
}

function createDatabase({
  path,
  busyTimeoutMs,
  queries,
}: Pick<Database, 'path' | 'queries'> & { busyTimeoutMs: number }): Database {
  let isKnownDurable = false
  let ownWrites = 0

  const read: Database['read'] = (work) => retryWhileBusy(() => work(queries), busyTimeoutMs)

  const write: Database['write'] = async (work) => {
    const result = await retryWhileBusy(() => queries.transaction().execute(work), busyTimeoutMs)
    if (!isKnownDurable) await assertDurable(queries)
    isKnownDurable = true
    ownWrites += 1
    return result
  }

  return {
    path,
    queries,
    read,
    write,
    async revision() {
      // SQLite's data version changes with the writes of other connections, and not with those of this one.
      const { rows } = await read(() => queries.executeQuery(DATA_VERSION))
      return `${rows[0]?.data_version}.${ownWrites}`
    },
    isWritable: () => write(async () => true).catch(() => false),
    async close() {
      try {
        await sql`pragma wal_checkpoint(truncate)`.execute(queries)
      } catch {
        // Nothing is lost: the next connection reads the log.
      }
      await queries.destroy()
    },
  }
}
