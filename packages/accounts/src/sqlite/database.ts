import { type CompiledQuery, Kysely } from 'kysely'
import { isBusy } from '../accounts-error.js'
import type { Database } from '../database/database.js'
import { migrate } from '../database/migrate.js'
import { retry } from '../database/retry.js'
import type { Schema } from '../database/schema.js'
import { createImmediateDialect, createPrepare } from './immediate-dialect.js'
import { MIGRATIONS } from './migrations/migrations.js'
import { openFile } from './open-file.js'

/** Opens the file, and creates or migrates it if necessary. `busyTimeoutMs` is how long to wait for a lock. */
export async function openDatabase({
  path,
  busyTimeoutMs: timeoutMs,
}: {
  path: string
  busyTimeoutMs: number
}): Promise<Database> {
  const attempt = <Result>(work: () => Promise<Result>) => retry(work, { isRetryable: isBusy, timeoutMs })
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
    revision: async () => `${dataVersion.get()}.${ownWrites}`,
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
