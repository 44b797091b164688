import BetterSqlite3 from 'better-sqlite3'
import { prepareFile } from './sqlite/prepare-file.js'
import { isBusy } from './sqlite/translate-error.js'
import type { SyncLock } from './store.js'

/**
 * Takes the lock that is a SQLite file held by an exclusive transaction; `null` while another connection has it,
 * in this process or in another. The kernel frees it with its holder, so there is no stale lock to break.
 */
export function takeSyncLock(path: string): SyncLock | null {
  const handle = new BetterSqlite3(prepareFile(path), { timeout: 0, fileMustExist: true })
  try {
    handle.exec('begin exclusive')
  } catch (error) {
    handle.close()
    if (isBusy(error)) return null
    throw error
  }
  return { release: () => void handle.close() }
}
