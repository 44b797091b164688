import { checkNumber, checkOptions } from './arguments.js'
import type { Clock } from './clock.js'
import { createGate } from './gate.js'
import { createChangeWriter } from './messages/change.js'
import { createMessageWriter } from './messages/create.js'
import { createFindMessage, createFindMessages } from './messages/find.js'
import { createListMessages } from './messages/list.js'
import { createChangedSince, createCountChangedSince, createPositionReader } from './messages/positions.js'
import { createFindReactions } from './messages/replies.js'
import { createFindEarlierTopics, createListTopics } from './messages/topics.js'
import { createFindVersions, createListVersions, createScanVersions } from './messages/versions.js'
import { createCursorReader, createSummary } from './outbox/cursor.js'
import { createEraseTraces } from './outbox/erase-traces.js'
import { createOldestChanges } from './outbox/oldest-changes.js'
import {
  createQuarantine,
  createQuarantinedChanges,
  createQuarantineReason,
  createRetryQuarantined,
} from './outbox/quarantine.js'
import { createMarkPending, createResetSynchronization } from './outbox/reset.js'
import { createSettle } from './outbox/settle.js'
import { createSearchMessages } from './search/search-messages.js'
import { createBuildSearchIndex, createClearSearchIndex } from './search-index/build.js'
import { createCheckSearchIndex } from './search-index/check.js'
import { type Database, openDatabase } from './sqlite/database.js'
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
 * @throws StoreError `not-a-store`, `newer-schema`, `unsafe-sqlite`, `missing-sqlite`, `busy`, `full`, `corrupt`, `invalid-argument`, `aborted`
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
    return createStore(await openDatabase({ path, busyTimeoutMs: busyTimeout, signal, onMigrate }), clock)
  } catch (error) {
    throw toStoreError(error)
  }
}

function createStore(database: Database, clock: Clock): Store {
  const { guard, close } = createGate()
  const changeWriter = createChangeWriter(database, clock)

  return {
    createMessage: guard(createMessageWriter(database, clock)),
    editMessage: guard(changeWriter.editMessage),
    deleteMessage: guard(changeWriter.deleteMessage),
    findMessage: guard(createFindMessage(database)),
    findMessages: guard(createFindMessages(database)),
    listMessages: guard(createListMessages(database)),
    searchMessages: guard(createSearchMessages(database)),
    buildSearchIndex: guard(createBuildSearchIndex(database)),
    clearSearchIndex: guard(createClearSearchIndex(database)),
    checkSearchIndex: guard(createCheckSearchIndex(database)),
    listVersions: guard(createListVersions(database)),
    findVersions: guard(createFindVersions(database)),
    scanVersions: guard(createScanVersions(database)),
    findReactions: guard(createFindReactions(database)),
    listTopics: guard(createListTopics(database)),
    position: guard(createPositionReader(database)),
    changedSince: guard(createChangedSince(database)),
    countChangedSince: guard(createCountChangedSince(database)),
    findEarlierTopics: guard(createFindEarlierTopics(database)),
    oldestChanges: guard(createOldestChanges(database)),
    cursor: guard(createCursorReader(database)),
    settle: guard(createSettle(database, clock)),
    quarantine: guard(createQuarantine(database, clock)),
    retryQuarantined: guard(createRetryQuarantined(database)),
    quarantinedChanges: guard(createQuarantinedChanges(database)),
    quarantineReason: guard(createQuarantineReason(database)),
    resetSynchronization: guard(createResetSynchronization(database, clock)),
    markPending: guard(createMarkPending(database, clock)),
    eraseTraces: guard(createEraseTraces(database)),
    summary: guard(createSummary(database)),
    revision: guard(database.revision),
    acquireSyncLock: guard(database.acquireSyncLock),
    assertWritable: guard(database.assertWritable),
    isWritable: guard(() =>
      database.assertWritable().then(
        () => true,
        () => false,
      ),
    ),
    storage: guard(database.storage),
    close: () => close(database.close),
    [Symbol.asyncDispose]: () => close(database.close),
  }
}
