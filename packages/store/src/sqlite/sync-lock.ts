import { realpathSync } from 'node:fs'
import BetterSqlite3 from 'better-sqlite3'
import type { Store } from '../store.js'
import { isBusy, StoreError } from '../store-error.js'
import type { SyncLock } from '../synchronization.js'
import { ensureFile } from './ensure-file.js'

/** Takes the sync lock of one database, and remembers it until it is released. */
export interface SyncLockHolder {
  /** @see {@link Store.acquireSyncLock} */
  readonly acquire: Store['acquireSyncLock']
  /** @throws StoreError `lock-lost` unless {@link SyncLockHolder.acquire} resolved with this lock, and it is held */
  assertHeld(lock: SyncLock): void
  /** Releases the lock if it is held. */
  releaseAll(): void
}

/** Creates the holder for the store of this database file, which must exist. */
export function createSyncLockHolder(databasePath: string): SyncLockHolder {
  // Resolved now: if the folder is a symbolic link, it may point elsewhere by the time the lock is taken.
  const path = `${realpathSync(databasePath)}-sync-lock`
  const held = new Map<SyncLock, () => void>()

  function release(lock: SyncLock): void {
    held.get(lock)?.()
    held.delete(lock)
  }

  return {
    async acquire() {
      const unlock = takeLock(path)
      if (!unlock) return null
      const lock: SyncLock = {
        lost: new AbortController().signal,
        release: async () => release(lock),
      }
      held.set(lock, unlock)
      return lock
    },
    assertHeld(lock) {
      if (!held.has(lock)) throw new StoreError('lock-lost', 'the sync lock is not held any more')
    },
    releaseAll() {
      for (const lock of held.keys()) release(lock)
    },
  }
}

/** Of locks of this process. The garbage collector would close those to which nothing else refers, and so release them. */
const heldHandles = new Set<BetterSqlite3.Database>()

/**
 * The lock is an open exclusive transaction on a SQLite file of its own. The kernel releases it when its holder dies,
 * so that no lock can be stale. Returns what releases it; `null` if it is held.
 */
function takeLock(path: string): (() => void) | null {
  const handle = new BetterSqlite3(ensureFile(path), { timeout: 0, fileMustExist: true })
  try {
    handle.exec('begin exclusive')
  } catch (error) {
    handle.close()
    if (isBusy(error)) return null
    throw error
  }
  heldHandles.add(handle)
  return () => {
    handle.close()
    heldHandles.delete(handle)
  }
}
