import { checkInteger, checkNumber, checkOptions, invalid } from '../arguments.js'
import type { Clock } from '../clock.js'
import { createStore } from '../create-store.js'
import type { ListLimits } from '../messages/list.js'
import type { Store } from '../store.js'
import { openDatabase } from './database.js'
import { toStoreError } from './postgres-error.js'
import { createSearchMessages } from './search/search-messages.js'
import { createBuildSearchIndex, createClearSearchIndex } from './search-index/build.js'
import { createCheckSearchIndex } from './search-index/check.js'

/** Options of {@link openPostgresStore}. */
export interface OpenPostgresStoreOptions {
  /** `postgres://user:password@host:port/database`, with the parameters that `pg` knows, such as `sslmode`. */
  readonly url: string
  /**
   * The server for `LISTEN`, by which stores hear of each other's writes at once ({@link Store.onChange}), on a connection
   * that needs a session of its own: not through a pooler in transaction mode. Default: `url`. `null`: no `LISTEN` and
   * no `NOTIFY`, for engines that have neither.
   */
  readonly listenUrl?: string | null
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
  listenUrl: true,
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

/** They arrive one after another, and are parsed as they do. */
const MESSAGES_PER_READ = 64

/** A step takes some milliseconds of the database, and two round trips. Other calls do not wait for it. */
export const LIST_LIMITS: ListLimits = { maxToSort: 1_000, maxPerStep: 5_000 }

/**
 * Opens a message database on PostgreSQL 15 or later, which any number of servers may share. Creates the tables in a
 * schema of their own if they are missing, and migrates those of an older version.
 *
 * The connections need no session of their own, except the one of `listenUrl`, so a pooler may stand between.
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
    const { listenUrl = url } = options
    checkUrl('url', url)
    if (listenUrl !== null) checkUrl('listenUrl', listenUrl)
    if (typeof schema !== 'string' || !SCHEMA_PATTERN.test(schema)) {
      throw invalid('schema must be a name of lower-case letters, digits and underscores')
    }
    checkInteger('connections', connections, { min: 1, max: MAX_CONNECTIONS })
    checkNumber('busyTimeout', busyTimeout)
    const database = await openDatabase({
      url,
      listenUrl,
      schema,
      connections,
      busyTimeoutMs: busyTimeout,
      signal,
      migrate,
      onMigrate,
      onNewerSchema,
    })
    const search = {
      searchMessages: createSearchMessages(database),
      buildSearchIndex: createBuildSearchIndex(database),
      clearSearchIndex: createClearSearchIndex(database),
      checkSearchIndex: createCheckSearchIndex(database),
    }
    return createStore(database, {
      clock,
      toStoreError,
      listLimits: LIST_LIMITS,
      messagesPerRead: MESSAGES_PER_READ,
      search,
    })
  } catch (error) {
    throw toStoreError(error)
  }
}

function checkUrl(name: string, url: unknown): void {
  const isPostgres =
    typeof url === 'string' && URL.canParse(url) && /^postgres(ql)?:$/.test(new URL(url).protocol)
  if (!isPostgres) throw invalid(`${name} must be like postgres://user@host/database`)
}
