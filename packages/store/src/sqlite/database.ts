import BetterSqlite3 from 'better-sqlite3'
import { CompiledQuery, Kysely, sql, type Transaction } from 'kysely'
import { MIGRATIONS, migrate } from '../migrations/migrations.js'
import type { Store } from '../store.js'
import { isSearchIndexDamage, StoreError, toStoreError } from '../store-error.js'
import type { SyncWriteOptions } from '../synchronization.js'
import { assertDurable, assertSafeSqlite, configureConnection } from './configure-connection.js'
import { loadDriver } from './driver.js'
import { ensureFile } from './ensure-file.js'
import { createImmediateDialect } from './immediate-dialect.js'
import { assertIntact, hasLog, inspectFile } from './inspect-file.js'
import { retryWhileBusy } from './retry-while-busy.js'
import type { Schema } from './schema.js'
import { readStorage } from './storage.js'
import { createSyncLockHolder } from './sync-lock.js'

/** How long SQLite itself waits for a lock. It blocks the event loop for that time. */
const BLOCKING_TIMEOUT_MS = 20

/** SQLite keeps this number in the file for applications. Here it counts the probes of {@link Store.assertWritable}. */
const MAX_USER_VERSION = 2 ** 31 - 1

const DATA_VERSION = CompiledQuery.raw('pragma data_version') as CompiledQuery<{ data_version: number }>

/**
 * The only access to the database file. Reads and writes wait for each other, and are repeated while another process
 * holds a lock, so their callbacks must await nothing but queries and have no effect but on the database.
 */
export interface Database {
  /** Builds and compiles queries; {@link Database.read} and {@link Database.write} run them. */
  readonly queries: Kysely<Schema>
  /** Runs queries that only read. They also work while the file is known to be damaged, as far as they can. */
  read<Result>(work: (queries: Kysely<Schema>) => Promise<Result>): Promise<Result>
  /**
   * Runs queries that only read and see one state of the database. Other calls wait, also during pauses between them;
   * other processes do not.
   */
  snapshot<Result>(work: (queries: Kysely<Schema>) => Promise<Result>): Promise<Result>
  /**
   * Runs one transaction, which holds the write lock from its beginning. Its result is durable. Once any query has
   * found the file damaged, every write fails with `corrupt`: another one could spread the damage. If a lock is given
   * that is not held, it fails with `lock-lost`.
   */
  write<Result>(
    work: (transaction: Transaction<Schema>) => Promise<Result>,
    options?: SyncWriteOptions,
  ): Promise<Result>
  /** @see {@link Store.revision} */
  readonly revision: Store['revision']
  /** @see {@link Store.assertWritable} */
  readonly assertWritable: Store['assertWritable']
  /** @see {@link Store.storage} */
  readonly storage: Store['storage']
  /** @see {@link Store.acquireSyncLock} */
  readonly acquireSyncLock: Store['acquireSyncLock']
  /**
   * Writes the file again without what was deleted: zeros in the place of rows are not enough, because a page that was
   * split may have a copy of one. Then the log is emptied, which holds earlier pages. Fails with `busy` if another
   * connection reads.
   */
  compact(): Promise<void>
  /**
   * Releases the sync lock, moves the write-ahead log into the file, unless another connection reads it, and closes the
   * file. Compacts it, as far as it can, if `must_compact` is set.
   */
  close(): Promise<void>
}

/**
 * Opens the file, and creates or migrates it if necessary. `busyTimeoutMs` is how long to wait for a lock, here and in
 * every read and write; `signal` ends only the waiting here. `onMigrate` is called before an older file is migrated.
 */
export async function openDatabase(options: {
  path: string
  busyTimeoutMs: number
  signal: AbortSignal | undefined
  onMigrate: () => void
}): Promise<Database> {
  const { busyTimeoutMs, signal, onMigrate } = options
  const attempt = <Result>(work: () => Promise<Result>) => retryWhileBusy(work, busyTimeoutMs, signal)
  loadDriver()
  assertSafeSqlite()
  const path = ensureFile(options.path)
  const wasLeftOpen = hasLog(path)
  const state = await attempt(async () => inspectFile(path, Object.keys(MIGRATIONS)))
  const handle = new BetterSqlite3(path, { timeout: BLOCKING_TIMEOUT_MS, fileMustExist: true })
  const queries = new Kysely<Schema>({ dialect: createImmediateDialect(handle) })

  try {
    await attempt(async () => configureConnection(handle, state))
    if (wasLeftOpen && state !== 'empty') await attempt(async () => assertIntact(handle))
    if (state === 'outdated') onMigrate()
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
}: Pick<Database, 'queries'> & { path: string; busyTimeoutMs: number }): Database {
  const syncLock = createSyncLockHolder(path)
  let isKnownDurable = false
  let ownWrites = 0
  let damage: StoreError | undefined

  async function attempt<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await retryWhileBusy(work, busyTimeoutMs)
    } catch (error) {
      if (isDamage(error))
        damage ??= new StoreError('corrupt', 'the database file is damaged', { cause: error })
      throw error
    }
  }

  const read: Database['read'] = (work) => attempt(() => work(queries))

  const write: Database['write'] = async (work, { lock } = {}) => {
    if (damage) throw damage
    const result = await attempt(() =>
      queries.transaction().execute((transaction) => {
        if (lock) syncLock.assertHeld(lock)
        return work(transaction)
      }),
    )
    if (!isKnownDurable) await assertDurable(queries)
    isKnownDurable = true
    ownWrites += 1
    return result
  }

  return {
    queries,
    read,
    write,
    snapshot: (work) =>
      attempt(() => queries.connection().execute((connection) => inOneState(connection, work))),
    async revision() {
      // SQLite's data version changes with the writes of other connections, and not with those of this one.
      const { rows } = await read(() => queries.executeQuery(DATA_VERSION))
      return `${rows[0]?.data_version}.${ownWrites}`
    },
    // A transaction that changes nothing would not reach the disk.
    assertWritable: () => write(countProbe),
    storage: () => readStorage(path),
    acquireSyncLock: syncLock.acquire,
    async compact() {
      await read(vacuum)
      await read(async () => {
        const { rows } = await sql<{ busy: number }>`pragma wal_checkpoint(truncate)`.execute(queries)
        if (rows[0]?.busy !== 0) throw new StoreError('busy', 'another connection reads the database')
      })
    },
    async close() {
      syncLock.releaseAll()
      try {
        const { must_compact } = await queries
          .selectFrom('cursor')
          .select('must_compact')
          .executeTakeFirstOrThrow()
        if (must_compact && !damage) await read(vacuum)
        await sql`pragma wal_checkpoint(truncate)`.execute(queries)
      } catch {
        // Nothing is lost: the next connection reads the log.
      }
      await queries.destroy()
    },
  }
}

async function inOneState<Result>(
  connection: Kysely<Schema>,
  work: (queries: Kysely<Schema>) => Promise<Result>,
): Promise<Result> {
  await sql`begin`.execute(connection)
  try {
    return await work(connection)
  } finally {
    await sql`commit`.execute(connection)
  }
}

/** As long as a lost history is not read to its end, what it erases may still be stored. */
async function vacuum(queries: Kysely<Schema>): Promise<void> {
  await sql`vacuum`.execute(queries)
  await sql`update cursor set must_compact = 0 where history_lost_at is null`.execute(queries)
}

async function countProbe(transaction: Transaction<Schema>): Promise<void> {
  const { rows } = await sql<{ user_version: number }>`pragma user_version`.execute(transaction)
  const next = ((rows[0]?.user_version ?? 0) + 1) % MAX_USER_VERSION
  await sql`pragma user_version = ${sql.lit(next)}`.execute(transaction)
}

/** Whether a query failed because of what is in the file, which was a database when it was opened. */
function isDamage(error: unknown): boolean {
  if (isSearchIndexDamage(error)) return false
  const { code } = toStoreError(error)
  return code === 'corrupt' || code === 'not-a-store'
}
