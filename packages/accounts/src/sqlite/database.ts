import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { type CompiledQuery, Kysely, type Transaction } from 'kysely'
import { isBusy } from '../accounts-error.js'
import { MIGRATIONS, migrate } from '../migrations/migrations.js'
import { createImmediateDialect, createPrepare } from './immediate-dialect.js'
import { openFile } from './open-file.js'
import type { Schema } from './schema.js'

const MIN_PAUSE_MS = 2
const MAX_PAUSE_MS = 100

/**
 * The only access to the tables. Reads and writes are repeated while another process holds a lock, so their callbacks
 * must await nothing but queries and have no effect but on the database.
 */
export interface Database {
  /** Compiles queries; {@link Database.read} and {@link Database.write} run them. */
  readonly queries: Kysely<Schema>
  read<Result>(work: (queries: Kysely<Schema>) => Promise<Result>): Promise<Result>
  /** Runs a query that only reads and was compiled earlier, with other parameters: much faster than the other way. */
  select<Row>(query: CompiledQuery<Row>, parameters: readonly unknown[]): Promise<Row[]>
  /** Runs one transaction that no other one overlaps. Its result is durable. */
  write<Result>(work: (transaction: Transaction<Schema>) => Promise<Result>): Promise<Result>
  /** A text that differs after every write by any process. It costs a few microseconds. */
  revision(): string
  close(): Promise<void>
}

/** Opens the file, and creates or migrates it if necessary. `busyTimeoutMs` is how long to wait for a lock. */
export async function openDatabase({
  path,
  busyTimeoutMs,
}: {
  path: string
  busyTimeoutMs: number
}): Promise<Database> {
  const attempt = <Result>(work: () => Promise<Result>) => retryWhileBusy(work, busyTimeoutMs)
  const { handle, applied } = await attempt(async () => openFile(path, Object.keys(MIGRATIONS)))
  const queries = new Kysely<Schema>({ dialect: createImmediateDialect(handle) })
  const dataVersion = handle.prepare('pragma data_version').pluck()
  const prepare = createPrepare(handle)
  let ownWrites = 0

  try {
    if (applied.length < Object.keys(MIGRATIONS).length) await attempt(() => migrate(queries, MIGRATIONS))
  } catch (error) {
    handle.close()
    throw error
  }

  return {
    queries,
    read: (work) => attempt(() => work(queries)),
    select: <Row>({ sql }: CompiledQuery<Row>, parameters: readonly unknown[]) =>
      attempt(async () => prepare(sql).all(parameters) as Row[]),
    async write(work) {
      try {
        return await attempt(() => queries.transaction().execute(work))
      } finally {
        ownWrites += 1
      }
    },
    // SQLite's data version changes with the writes of other connections, and not with those of this one.
    revision: () => `${dataVersion.get()}.${ownWrites}`,
    async close() {
      try {
        handle.pragma('wal_checkpoint(truncate)')
      } catch {
        // Nothing is lost: the next connection reads the log.
      }
      await queries.destroy()
    },
  }
}

/** Repeats `work` while another connection holds a lock. The event loop goes on during the pauses. */
async function retryWhileBusy<Result>(work: () => Promise<Result>, timeoutMs: number): Promise<Result> {
  const deadline = performance.now() + timeoutMs
  for (let pause = MIN_PAUSE_MS; ; pause = Math.min(pause * 2, MAX_PAUSE_MS)) {
    try {
      return await work()
    } catch (error) {
      if (!isBusy(error) || performance.now() >= deadline) throw error
    }
    await sleep(pause * (0.5 + Math.random() / 2))
  }
}
