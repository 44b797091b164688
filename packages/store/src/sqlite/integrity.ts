import { statSync } from 'node:fs'
import type BetterSqlite3 from 'better-sqlite3'
import { StoreError } from '../store-error.js'

/** Checking reads the whole file: about a second for a million short messages, and longer from a slow disk. */
const MAX_CHECKED_BYTES = 2 * 1024 ** 3

/**
 * Checks the structure of a database of at most {@link MAX_CHECKED_BYTES}. Finds, for example, a copy of a database
 * that was put beside the write-ahead log of another one: SQLite itself reports damage only when it runs into it.
 *
 * @throws StoreError `corrupt`
 */
export function assertIntact(handle: BetterSqlite3.Database): void {
  if (statSync(handle.name).size > MAX_CHECKED_BYTES) return
  const finding = handle.pragma('quick_check(1)', { simple: true })
  if (finding === 'ok') return
  throw new StoreError('corrupt', 'the database file is damaged', { cause: new Error(String(finding)) })
}
