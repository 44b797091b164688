import BetterSqlite3 from 'better-sqlite3'
import { CompiledQuery, Kysely, sql, type Transaction } from 'kysely'
import { migrate } from '../migrations/migrate.js'
import { migrations } from '../migrations/migrations.js'
import type { Store } from '../store.js'
import { assertDurable } from './assert-durable.js'
import { configureConnection } from './configure-connection.js'
import { createImmediateDialect } from './immediate-dialect.js'
import { inspectFile } from './inspect-file.js'
import { prepareFile } from './prepare-file.js'
import { retryWhileBusy } from './retry-while-busy.js'
import type { Schema } from './schema.js'
import { assertSafeSqlite } from './sqlite-version.js'

/** How long SQLite itself waits for a lock, in milliseconds: the event loop stands still for as long. */
const blockingTimeout = 20

/**
 * The one path to the database file. Reads and writes wait for each other, and are repeated while another
 * process holds a lock, so what is given to them must await nothing but queries and change nothing but the database.
 */
export interface Database {
  /** The file, absolute. */
  readonly path: string
  /** Builds and compiles queries; running them is for {@link Database.read} and {@link Database.write}. */
  readonly queries: Kysely<Schema>
  read<Result>(work: (queries: Kysely<Schema>) => Promise<Result>): Promise<Result>
  /** One transaction that holds the write lock from its beginning. What it resolved with is durable. */
  write<Result>(work: (transaction: Transaction<Schema>) => Promise<Result>): Promise<Result>
  /** Another text after every write, by whomever; as {@link Store.revision}. */
  readonly revision: Store['revision']
  /** Moves the write-ahead log into the file where nobody else reads it, and closes the file. */
  close(): Promise<void>
}

const othersWrites = CompiledQuery.raw('pragma data_version') as CompiledQuery<{ data_version: number }>

/** Opens, and where needed creates or migrates, the file. `patience`: milliseconds to wait for a lock. */
export async function openDatabase(options: {
  path: string
  patience: number
  signal: AbortSignal | undefined
}): Promise<Database> {
  const { patience, signal } = options
  const attempt = <Result>(work: () => Promise<Result>) => retryWhileBusy(work, patience, signal)
  assertSafeSqlite()
  const path = prepareFile(options.path)
  const state = await attempt(async () => inspectFile(path, Object.keys(migrations)))
  const handle = new BetterSqlite3(path, { timeout: blockingTimeout, fileMustExist: true })
  const queries = new Kysely<Schema>({ dialect: createImmediateDialect(handle) })

  try {
    await attempt(async () => configureConnection(handle, state))
    if (state !== 'current') await attempt(() => migrate(queries, migrations))
  } catch (error) {
    handle.close()
    throw error
  }
  return createDatabase({ path, patience, queries })
}

function createDatabase({
  path,
  patience,
  queries,
}: Pick<Database, 'path' | 'queries'> & { patience: number }): Database {
  let provenDurable = false
  let writes = 0

  return {
    path,
    queries,
    read: (work) => retryWhileBusy(() => work(queries), patience),
    async write(work) {
      const result = await retryWhileBusy(() => queries.transaction().execute(work), patience)
      if (!provenDurable) await assertDurable(queries)
      provenDurable = true
      writes += 1
      return result
    },
    async revision() {
      // SQLite counts what other connections wrote, in whichever process; our own writes are not among them.
      const { rows } = await retryWhileBusy(() => queries.executeQuery(othersWrites), patience)
      return `${rows[0]?.data_version}.${writes}`
    },
    async close() {
      try {
        await sql`pragma wal_checkpoint(truncate)`.execute(queries)
      } catch {
        // Whoever opens the file next reads the log: nothing is lost by not emptying it.
      }
      await queries.destroy()
    },
  }
}
