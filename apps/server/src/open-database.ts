import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from '@gitmsg/git-sync'
import { openStore, type Store } from '@gitmsg/store'
import { DATABASE_FILE } from './config/data-directory.js'
import type { PostgresConfig, ServerConfig } from './config/server-config.js'
import { withAdvice } from './database-advice.js'

/** How {@link openDatabase} opens a database. */
export interface OpenDatabaseOptions {
  readonly logger: Logger
  /** Creates no database, and leaves an older one on PostgreSQL as it is: servers may be using it. Default: false. */
  readonly mustExist?: boolean
  /** Which share of the connections to PostgreSQL to use. Default: that of the server. */
  readonly share?: 'server' | 'synchronizer'
  /** How long to wait for a PostgreSQL that cannot be reached, beyond the first attempt. Default: 0. */
  readonly patienceMs?: number
  /** Ends the waiting. */
  readonly signal?: AbortSignal
  /** Called before the tables are created on PostgreSQL, or migrated. */
  readonly onMigrate?: () => void
  /** Called once a newer version has migrated the tables on PostgreSQL, where this one must not write any more. */
  readonly onNewerSchema?: () => void
}

/** The time between two attempts to reach PostgreSQL, each of which takes some seconds itself. */
const RETRY_MS = 2_000

/**
 * Opens the configured database. Creates or migrates it if necessary, and logs a migration.
 *
 * @throws {Error} if it has to exist, and there is none
 */
export async function openDatabase(
  { dataDirectory, postgres }: Pick<ServerConfig, 'dataDirectory' | 'postgres'>,
  options: OpenDatabaseOptions,
): Promise<Store> {
  const { logger, mustExist = false } = options
  const startedAt = performance.now()
  let isMigrated = false
  function onMigrate(): void {
    isMigrated = true
    options.onMigrate?.()
    logger.info({}, 'migrating the database')
  }
  const path = join(dataDirectory, DATABASE_FILE)
  if (!postgres && mustExist) assertDatabaseFile(path)
  const store = postgres
    ? await openPostgres(postgres, { ...options, onMigrate })
    : await openStore({ path, onMigrate })
  const milliseconds = Math.round(performance.now() - startedAt)
  if (isMigrated) logger.info({ milliseconds }, 'database migrated')
  return store
}

/** @throws {Error} if there is no file */
export function assertDatabaseFile(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })) return
  throw new Error(`no database at ${path}: check GITMSG_DATA_DIR`)
}

async function openPostgres(
  { url, listenUrl, schema, connections, migrates }: PostgresConfig,
  options: OpenDatabaseOptions & { readonly onMigrate: () => void },
): Promise<Store> {
  const { logger, mustExist = false, share = 'server', patienceMs = 0, signal } = options
  const { onMigrate, onNewerSchema } = options
  // Only for who uses it: SQLite needs no driver for PostgreSQL.
  const { openPostgresStore } = await import('@gitmsg/store/postgres')
  const deadline = performance.now() + patienceMs
  for (;;) {
    try {
      return await openPostgresStore({
        ...{ url, listenUrl, schema, connections: connections[share] },
        ...{ migrate: migrates && !mustExist, signal, onMigrate, onNewerSchema },
      })
    } catch (error) {
      const failure = withAdvice(error)
      if (failure.code !== 'unavailable' || performance.now() >= deadline) throw failure
      logger.warn({ reason: failure.message }, 'waiting for the database')
      await pause(RETRY_MS, undefined, { signal })
    }
  }
}
