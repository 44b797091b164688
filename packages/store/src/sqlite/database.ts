import BetterSqlite3 from 'better-sqlite3'
import { CompiledQuery, Kysely, sql } from 'kysely'
import type { Database, Reader } from '../database/database.js'
import { migrate } from '../database/migrate.js'
import { retry } from '../database/retry.js'
import type { Schema } from '../database/schema.js'
import type { Store } from '../store.js'
import { isBusy, isSearchIndexDamage, StoreError, toStoreError } from '../store-error.js'
import type { Position } from '../stored-message.js'
import { assertDurable, assertSafeSqlite, configureConnection } from './configure-connection.js'
import { createMessages } from './create-messages.js'
import { loadDriver } from './driver.js'
import { ensureFile } from './ensure-file.js'
import { createImmediateDialect } from './immediate-dialect.js'
import { assertIntact, hasLog, inspectFile } from './inspect-file.js'
import { MIGRATIONS } from './migrations/migrations.js'
import { readStorage } from './storage.js'
import { createSyncLockHolder } from './sync-lock.js'
import { createReader, createWriter } from './writer.js'

/** How long SQLite itself waits for a lock. It blocks the event loop for that time. */
const BLOCKING_TIMEOUT_MS = 20

/** SQLite keeps this number in the file for applications. Here it counts the probes of {@link Store.assertWritable}. */
const MAX_USER_VERSION = 2 ** 31 - 1

const POSITION = CompiledQuery.raw('select epoch, position from feed') as CompiledQuery<Position>
const DATA_VERSION = CompiledQuery.raw('pragma data_version') as CompiledQuery<{ data_version: number }>

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
  const attempt = <Result>(work: () => Promise<Result>) =>
    retry(work, { isRetryable: isBusy, timeoutMs: busyTimeoutMs, signal })
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
}: {
  path: string
  busyTimeoutMs: number
  queries: Kysely<Schema>
}): Database {
  const syncLock = createSyncLockHolder(path)
  const reader = createReader(queries)
  let isKnownDurable = false
  let ownWrites = 0
  let damage: StoreError | undefined

  async function attempt<Result>(work: () => Promise<Result>, waitedMs = 0): Promise<Result> {
    try {
      return await retry(work, { isRetryable: isBusy, timeoutMs: busyTimeoutMs - waitedMs })
    } catch (error) {
      if (isDamage(error))
        damage ??= new StoreError('corrupt', 'the database file is damaged', { cause: error })
      throw error
    }
  }

  /** Works while the file is known to be damaged, too, as far as it can. */
  const read: Database['read'] = (work) => attempt(() => work(reader))

  /**
   * Holds the write lock from the beginning. Once any query has found the file damaged, every write fails: another one
   * could spread the damage.
   */
  const write: Database['write'] = async (work, { lock, waitedMs } = {}) => {
    if (damage) throw damage
    const result = await attempt(
      () =>
        queries.transaction().execute((transaction) => {
          if (lock) syncLock.assertHeld(lock)
          return work(createWriter(transaction))
        }),
      waitedMs,
    )
    if (!isKnownDurable) await assertDurable(queries)
    isKnownDurable = true
    ownWrites += 1
    return result
  }

  return {
    ...reader,
    read,
    write,
    snapshot: (work) =>
      attempt(() => queries.connection().execute((connection) => inOneState(connection, work))),
    createMessages: (group, now) =>
      write((writer) => createMessages(writer, group, now), { waitedMs: group.waitedMs }),
    position: async () => (await read(() => queries.executeQuery(POSITION))).rows[0] as Position,
    async revision() {
      // SQLite's data version changes with the writes of other connections, and not with those of this one.
      const { rows } = await read(() => queries.executeQuery(DATA_VERSION))
      return `${rows[0]?.data_version}.${ownWrites}`
    },
    // A transaction that changes nothing would not reach the disk.
    assertWritable: () => write(countProbe),
    storage: () => readStorage(path),
    acquireSyncLock: syncLock.acquire,
    /**
     * Zeros in the place of rows are not enough, because a page that was split may have a copy of one. The log is
     * emptied, too, because it holds earlier pages. Fails with `busy` if another connection reads.
     */
    async compact() {
      await read(vacuum)
      await read(async () => {
        const { rows } = await sql<{ busy: number }>`pragma wal_checkpoint(truncate)`.execute(queries)
        if (rows[0]?.busy !== 0) throw new StoreError('busy', 'another connection reads the database')
      })
    },
    /** Moves the log into the file, unless another connection reads it. Compacts as far as it can if it must. */
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
  work: (reader: Reader) => Promise<Result>,
): Promise<Result> {
  await sql`begin`.execute(connection)
  try {
    return await work(createReader(connection))
  } finally {
    await sql`commit`.execute(connection)
  }
}

/** As long as a lost history is not read to its end, what it erases may still be stored. */
async function vacuum({ queries }: Reader): Promise<void> {
  await sql`vacuum`.execute(queries)
  await sql`update cursor set must_compact = 0 where history_lost_at is null`.execute(queries)
}

async function countProbe({ queries }: Reader): Promise<void> {
  const { rows } = await sql<{ user_version: number }>`pragma user_version`.execute(queries)
  const next = ((rows[0]?.user_version ?? 0) + 1) % MAX_USER_VERSION
  await sql`pragma user_version = ${sql.lit(next)}`.execute(queries)
}

/** Whether a query failed because of what is in the file, which was a database when it was opened. */
function isDamage(error: unknown): boolean {
  if (isSearchIndexDamage(error)) return false
  const { code } = toStoreError(error)
  return code === 'corrupt' || code === 'not-a-store'
}
