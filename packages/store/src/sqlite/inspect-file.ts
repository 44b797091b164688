import { statSync } from 'node:fs'
import BetterSqlite3 from 'better-sqlite3'
import { StoreError } from '../store-error.js'

/** SQLite's application id of a message database: "gmsg" in ASCII, at offset 68 of the file. */
export const APPLICATION_ID = 0x676d7367

/** `empty`: may become a message database. `outdated`: is one, and lacks migrations. `current`: has them all. */
export type FileState = 'empty' | 'outdated' | 'current'

/**
 * Determines whether a file may be opened for writing, without changing it.
 *
 * @throws StoreError `not-a-store`, `newer-schema`
 */
export function inspectFile(path: string, knownMigrations: readonly string[]): FileState {
  try {
    return inspect(path, { readonly: true }, knownMigrations)
  } catch (error) {
    // After a crash, a rollback journal must be played back before reading, which a read-only connection cannot do.
    if (!isHotJournal(error)) throw error
    return inspect(path, { fileMustExist: true }, knownMigrations)
  }
}

function inspect(path: string, mode: BetterSqlite3.Options, knownMigrations: readonly string[]): FileState {
  const handle = new BetterSqlite3(path, { ...mode, timeout: 0 })
  try {
    const id = handle.pragma('application_id', { simple: true })
    const tables = handle.prepare('select name from sqlite_schema').pluck().all()
    if (id === 0 && tables.length === 0) return 'empty'
    if (id !== APPLICATION_ID) {
      throw new StoreError('not-a-store', 'this SQLite database belongs to another program')
    }
    if (!tables.includes('schema_version')) return 'outdated'

    const applied = handle.prepare('select name from schema_version').pluck().all() as string[]
    if (applied.some((name) => !knownMigrations.includes(name))) {
      throw new StoreError('newer-schema', 'the database was written by a newer version')
    }
    return applied.length === knownMigrations.length ? 'current' : 'outdated'
  } finally {
    handle.close()
  }
}

const isHotJournal = (error: unknown): boolean =>
  error instanceof BetterSqlite3.SqliteError && error.code === 'SQLITE_READONLY_ROLLBACK'

/**
 * Whether the file has a write-ahead log: it is open elsewhere, was not closed, or was put beside the log of another
 * one. Opening the file creates a log, so ask before.
 */
export function hasLog(path: string): boolean {
  return (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0
}

/** Checking reads the whole file: some seconds for a million short messages, and longer from a slow disk. */
const MAX_CHECKED_BYTES = 2 * 1024 ** 3

/** How SQLite reports a damaged search index, which can be built again; after any damage of the file itself. */
const SEARCH_INDEX_FINDING = /fts5/i

/**
 * Checks the structure of a database of at most {@link MAX_CHECKED_BYTES}. Finds, for example, a copy of a database
 * that was put beside the write-ahead log of another one: SQLite itself reports damage only when it runs into it.
 *
 * @throws StoreError `corrupt`
 */
export function assertIntact(handle: BetterSqlite3.Database): void {
  if (statSync(handle.name).size > MAX_CHECKED_BYTES) return
  const finding = String(handle.pragma('quick_check(1)', { simple: true }))
  if (finding === 'ok' || SEARCH_INDEX_FINDING.test(finding)) return
  throw new StoreError('corrupt', 'the database file is damaged', { cause: new Error(finding) })
}
