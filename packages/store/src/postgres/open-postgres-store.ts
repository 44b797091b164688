import { checkInteger, checkNumber, checkOptions, invalid } from '../arguments.js'
import type { Clock } from '../clock.js'
import { createStore } from '../create-store.js'
import type { Store } from '../store.js'
import { openDatabase } from './database.js'
import { toStoreError } from './postgres-error.js'
import { NO_SEARCH } from './search.js'

/** Options of {@link openPostgresStore}. */
export interface OpenPostgresStoreOptions {
  /** `postgres://user:password@host:port/database`, with the parameters that `pg` knows, such as `sslmode`. */
  readonly url: string
  /** The schema that holds the tables; created if it is missing. Default: `gitmsg`. */
  readonly schema?: string
  /** The maximum number of connections. Default: 8. */
  readonly connections?: number
  /** Returns the time, in milliseconds since 1970. Default: `Date.now`. The sync lock uses the clock of the database. */
  readonly clock?: Clock
  /**
   * How long to wait for the database, and for other writes, before failing with `unavailable` or `busy`, in
   * milliseconds. Default: 5000.
   */
  readonly busyTimeout?: number
  /** Stops waiting while opening: rejects with `aborted`. Has no effect on the open store. */
  readonly signal?: AbortSignal | undefined
  /** Whether to create missing tables, and to migrate those of an older version. Default: true. */
  readonly migrate?: boolean
  /** Called before tables are created, or those of an older version are migrated. */
  readonly onMigrate?: () => void
  /**
   * Called once, some seconds after a newer version of this package has migrated the tables. What this store writes from
   * then on may lack what that version expects: close it, and upgrade.
   */
  readonly onNewerSchema?: (() => void) | undefined
}

const KNOWN_OPTIONS = {
  url: true,
  schema: true,
  connections: true,
  clock: true,
  busyTimeout: true,
  signal: true,
  migrate: true,
  onMigrate: true,
  onNewerSchema: true,
} satisfies Record<keyof OpenPostgresStoreOptions, true>

/** What needs no quotes, and fits into 63 bytes. */
const SCHEMA_PATTERN = /^[a-z_][a-z0-9_]{0,62}$/
const MAX_CONNECTIONS = 1_000

/**
 * Opens a message database on PostgreSQL 15 or later, which any number of servers may share. Creates the tables in a
 * schema of their own if they are missing, and migrates those of an older version.
 *
 * The connections need no session of their own, so a pooler may stand between.
 *
 * @throws StoreError `not-a-store`, `newer-schema`, `older-schema`, `unsafe`, `busy`, `unavailable`, `unwritable`,
 *   `invalid-argument`, `aborted`
 *
 * @example
 * ```ts
 * const store = await openPostgresStore({ url: 'postgres://gitmsg@db.internal/gitmsg' })
 * ```
 */
export async function openPostgresStore(options: OpenPostgresStoreOptions): Promise<Store> {
  try {
    checkOptions(options, KNOWN_OPTIONS)
    const { url, schema = 'gitmsg', connections = 8, clock = Date.now } = options
    const { busyTimeout = 5_000, signal, migrate = true, onMigrate = () => {}, onNewerSchema } = options
    checkUrl(url)
    if (typeof schema !== 'string' || !SCHEMA_PATTERN.test(schema)) {
      throw invalid('schema must be a name of lower-case letters, digits and underscores')
    }
    checkInteger('connections', connections, { min: 1, max: MAX_CONNECTIONS })
    checkNumber('busyTimeout', busyTimeout)
    const database = await openDatabase({
      url,
      schema,
      connections,
      busyTimeoutMs: busyTimeout,
      signal,
      migrate,
      onMigrate,
      onNewerSchema,
    })
    return createStore(database, { clock, toStoreError, search: NO_SEARCH })
  } catch (error) {
    throw toStoreError(error)
  }
}

function checkUrl(url: unknown): void {
  const isPostgres =
    typeof url === 'string' && URL.canParse(url) && /^postgres(ql)?:$/.test(new URL(url).protocol)
  if (!isPostgres) throw invalid('url must be like postgres://user@host/database')
}
