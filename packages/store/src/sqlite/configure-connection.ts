import type BetterSqlite3 from 'better-sqlite3'
import { StoreError } from '../store-error.js'
import { applicationId, type FileState } from './inspect-file.js'

/** Sets what every connection needs and, in a new file, what says that it is ours. Safe to repeat. */
export function configureConnection(handle: BetterSqlite3.Database, state: FileState): void {
  if (state === 'empty') handle.pragma(`application_id = ${applicationId}`)
  if (handle.pragma('journal_mode = WAL', { simple: true }) !== 'wal') {
    throw new StoreError('unsafe-sqlite', 'this file system cannot hold a database in WAL mode')
  }
  // Said explicitly: better-sqlite3 is built to fall back to NORMAL, which a power cut shows to lose commits.
  handle.pragma('synchronous = FULL')
  handle.pragma('foreign_keys = ON')
}
