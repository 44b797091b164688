import { realpathSync } from 'node:fs'
import BetterSqlite3 from 'better-sqlite3'
import type { Store } from '../store.js'
import { isBusy } from '../store-error.js'
import type { SyncLock } from '../synchronization.js'
import { ensureFile } from './ensure-file.js'

/** Takes the sync lock of one database, and remembers it until it is released. */
export interface SyncLockHolder {
  /** @see {@link Store.acquireSyncLock} */
  readonly acquire: Store['acquireSyncLock']
  /** Releases the lock if it is held. */
  releaseAll(): void
}

/** Creates the holder for the store of this database file, which must exist. */
export function createSyncLockHolder(databasePath: string): SyncLockHolder {
  // Resolved now: if the folder is a symbolic link, it may point elsewhere by the time the lock is taken.
  const path = `${realpathSync(databasePath)}-sync-lock`
  const held = new Set<SyncLock>()

  return {
    acquire() {
      const lock = takeLock(path)
      if (!lock) return null
      held.add(lock)
      return {
        release() {
          held.delete(lock)
          lock.release()
        },
      }
    },
    releaseAll() {
      for (const lock of held) lock.release()
    },
  }
}

/**
 * The lock is an open exclusive transaction on a SQLite file of its own. The kernel releases it when its holder dies,
 * so that no lock can be stale.
 */
function takeLock(path: string): SyncLock | null {
  const handle = new BetterSqlite3(ensureFile(path), { timeout: 0, fileMustExist: true })
  try {
    handle.exec('begin exclusive')
  } catch (error) {
    handle.close()
    if (isBusy(error)) return null
    throw error
  }
  return { release: () => void handle.close() }
}
