import BetterSqlite3 from 'better-sqlite3'
import { type Kysely, sql } from 'kysely'
import { StoreError } from '../store-error.js'
import { APPLICATION_ID, type FileState } from './inspect-file.js'

/** Older versions can lose committed transactions when two connections write and checkpoint at once. */
const MIN_SQLITE_VERSION = [3, 51, 3]

/** The number that SQLite has for `synchronous = FULL`. */
const SYNCHRONOUS_FULL = 2

/** Of pages, for each connection. The system has the file in its own cache; better-sqlite3 would take four times as much. */
const CACHE_KIBIBYTES = 4_000

/** @throws StoreError `unsafe` if the SQLite in this process is too old */
export function assertSafeSqlite(): void {
  const memory = new BetterSqlite3(':memory:')
  try {
    const version = memory.prepare('select sqlite_version()').pluck().get() as string
    if (isSafeSqliteVersion(version)) return
    const oldest = MIN_SQLITE_VERSION.join('.')
    throw new StoreError(
      'unsafe',
      `SQLite ${version} can lose committed data: ${oldest} or newer is required`,
    )
  } finally {
    memory.close()
  }
}

/** Whether this version of SQLite, such as `3.53.2`, keeps what it has committed. */
export function isSafeSqliteVersion(version: string): boolean {
  const match = /^(\d+)\.(\d+)\.(\d+)/.exec(version)
  if (!match) return false
  for (const [position, oldest] of MIN_SQLITE_VERSION.entries()) {
    const actual = Number(match[position + 1])
    if (actual !== oldest) return actual > oldest
  }
  return true
}

/**
 * Sets what every connection needs, and marks a new file as a message database. Safe to repeat.
 *
 * @throws StoreError `unsafe` if the file system does not support WAL mode
 */
export function configureConnection(handle: BetterSqlite3.Database, state: FileState): void {
  if (state === 'empty') handle.pragma(`application_id = ${APPLICATION_ID}`)
  if (handle.pragma('journal_mode = WAL', { simple: true }) !== 'wal') {
    throw new StoreError('unsafe', 'this file system does not support a database in WAL mode')
  }
  // Explicit, because better-sqlite3 is built to default to NORMAL, which loses commits in a power cut.
  handle.pragma('synchronous = FULL')
  handle.pragma('foreign_keys = ON')
  handle.pragma(`cache_size = -${CACHE_KIBIBYTES}`)
  // Overwrites what is deleted with zeros: the text of a deleted message must not stay in free pages.
  handle.pragma('secure_delete = ON')
}

/**
 * Checks that commits wait for the disk. SQLite may lower `synchronous` when a connection first writes, so call this
 * after a write.
 *
 * @throws StoreError `unsafe`
 */
export async function assertDurable<Tables>(queries: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ synchronous: number }>`pragma synchronous`.execute(queries)
  if (rows[0]?.synchronous !== SYNCHRONOUS_FULL) {
    throw new StoreError('unsafe', 'SQLite commits without waiting for the disk')
  }
}
