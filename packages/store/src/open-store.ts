import { checkNumber, checkOptions } from './arguments.js'
import type { Clock } from './clock.js'
import { createStore } from './create-store.js'
import { openDatabase } from './sqlite/database.js'
import { createSearchMessages } from './sqlite/search/search-messages.js'
import { createBuildSearchIndex, createClearSearchIndex } from './sqlite/search-index/build.js'
import { createCheckSearchIndex } from './sqlite/search-index/check.js'
import type { Store } from './store.js'
import { toStoreError } from './store-error.js'

/** Options of {@link openStore}. */
export interface OpenStoreOptions {
  /**
   * The database file, on a local disk. The file must not be a symbolic link; its folders may be. Missing files and
   * folders are created, accessible to their owner only.
   */
  readonly path: string
  /** Returns the time, in milliseconds since 1970. Default: `Date.now`. */
  readonly clock?: Clock
  /** How long to wait for a lock of another process before failing with `busy`, in milliseconds. Default: 5000. */
  readonly busyTimeout?: number
  /** Stops waiting for another process while opening: rejects with `aborted`. Has no effect on the open store. */
  readonly signal?: AbortSignal | undefined
  /**
   * Called before a file of an older version is migrated. That takes some ten seconds for a million messages, during
   * which the event loop stands still.
   */
  readonly onMigrate?: () => void
}

const KNOWN_OPTIONS = {
  path: true,
  clock: true,
  busyTimeout: true,
  signal: true,
  onMigrate: true,
} satisfies Record<keyof OpenStoreOptions, true>

/**
 * Opens a message database. Creates the file if it is missing, and migrates it if it is older than this package.
 * If the file has a write-ahead log, because it was not closed or was put beside that of another one, checks the
 * structure of up to 2 GiB, which takes about a second for a million messages.
 *
 * @throws StoreError `not-a-store`, `newer-schema`, `unsafe`, `missing-sqlite`, `busy`, `full`, `corrupt`, `invalid-argument`, `aborted`
 *
 * @example
 * ```ts
 * const store = await openStore({ path: 'data/messages.db' })
 * const now = new Date().toISOString()
 *
 * const { message } = await store.createMessage({
 *   uid: crypto.randomUUID(),
 *   content: 'Hello',
 *   sender: 'ada',
 *   timestamp: now,
 *   created_at: now,
 *   updated_at: now,
 *   path: (id) => `messages/${id}.json`,
 * })
 * console.log(message.id) // 1
 * await store.close()
 * ```
 */
export async function openStore(options: OpenStoreOptions): Promise<Store> {
  try {
    checkOptions(options, KNOWN_OPTIONS)
    const { path, clock = Date.now, busyTimeout = 5_000, signal, onMigrate = () => {} } = options
    checkNumber('busyTimeout', busyTimeout)
    const database = await openDatabase({ path, busyTimeoutMs: busyTimeout, signal, onMigrate })
    const search = {
      searchMessages: createSearchMessages(database),
      buildSearchIndex: createBuildSearchIndex(database),
      clearSearchIndex: createClearSearchIndex(database),
      checkSearchIndex: createCheckSearchIndex(database),
    }
    return createStore(database, { clock, toStoreError, search })
  } catch (error) {
    throw toStoreError(error)
  }
}
