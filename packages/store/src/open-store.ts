import { realpathSync } from 'node:fs'
import { checkNumber } from './arguments.js'
import type { Clock } from './clock.js'
import { createGate } from './gate.js'
import { prepareCreateMessage } from './messages/create-message.js'
import { prepareFindMessage, prepareFindMessages } from './messages/find-message.js'
import { prepareListMessages } from './messages/list-messages.js'
import { prepareCursor } from './outbox/cursor.js'
import { prepareMarkPending } from './outbox/mark-pending.js'
import { prepareOldestChanges } from './outbox/oldest-changes.js'
import { prepareQuarantine, prepareRetryQuarantined } from './outbox/quarantine.js'
import { prepareQuarantinedChanges, prepareQuarantineReason } from './outbox/quarantined-changes.js'
import { prepareResetSynchronization } from './outbox/reset-synchronization.js'
import { prepareSettle } from './outbox/settle.js'
import { prepareSummary } from './outbox/summary.js'
import { type Database, openDatabase } from './sqlite/database.js'
import { prepareIsWritable } from './sqlite/is-writable.js'
import { toStoreError } from './sqlite/translate-error.js'
import type { Store, SyncLock } from './store.js'
import { takeSyncLock } from './sync-lock.js'

/** What {@link openStore} needs to know. */
export interface OpenStoreOptions {
  /**
   * The database file, on a local disk; it must not be a symbolic link, its folders may be. It and its folders are
   * made where they are missing, for their owner only.
   */
  readonly path: string
  /** Milliseconds since 1970. Default: `Date.now`. */
  readonly clock?: Clock
  /** How long to wait for another process's lock before `busy`, in milliseconds. Default: 5000. */
  readonly busyTimeout?: number
  /** Gives up opening while that waits for another process: rejects with `aborted`. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Opens a message database, and creates or migrates it where needed.
 *
 * @throws StoreError `not-a-store`, `newer-schema`, `unsafe-sqlite`, `busy`, `full`, `corrupt`, `invalid-argument`, `aborted`
 */
export async function openStore({
  path,
  clock = Date.now,
  busyTimeout = 5_000,
  signal,
}: OpenStoreOptions): Promise<Store> {
  try {
    checkNumber('busyTimeout', busyTimeout)
    return createStore(await openDatabase({ path, patience: busyTimeout, signal }), clock)
  } catch (error) {
    throw toStoreError(error)
  }
}

function createStore(database: Database, clock: Clock): Store {
  const { guard, guardSync, close } = createGate()
  // Where the folder is a symbolic link, it may lead elsewhere by the time that the lock is wanted.
  const lockPath = `${realpathSync(database.path)}-sync-lock`
  const held = new Set<SyncLock>()

  const finish = async () => {
    for (const lock of held) lock.release()
    await database.close()
  }

  return {
    createMessage: guard(prepareCreateMessage(database, clock)),
    findMessage: guard(prepareFindMessage(database)),
    findMessages: guard(prepareFindMessages(database)),
    listMessages: guard(prepareListMessages(database)),
    oldestChanges: guard(prepareOldestChanges(database)),
    cursor: guard(prepareCursor(database)),
    settle: guard(prepareSettle(database, clock)),
    quarantine: guard(prepareQuarantine(database, clock)),
    retryQuarantined: guard(prepareRetryQuarantined(database)),
    quarantinedChanges: guard(prepareQuarantinedChanges(database)),
    quarantineReason: guard(prepareQuarantineReason(database)),
    resetSynchronization: guard(prepareResetSynchronization(database, clock)),
    markPending: guard(prepareMarkPending(database, clock)),
    summary: guard(prepareSummary(database)),
    revision: guard(database.revision),
    acquireSyncLock: guardSync(() => {
      const lock = takeSyncLock(lockPath)
      if (!lock) return null
      held.add(lock)
      return {
        release() {
          held.delete(lock)
          lock.release()
        },
      }
    }),
    isWritable: guard(prepareIsWritable(database)),
    close: () => close(finish),
    [Symbol.asyncDispose]: () => close(finish),
  }
}
