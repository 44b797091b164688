import BetterSqlite3 from 'better-sqlite3'
import { StoreError } from '../store-error.js'

/** Older ones can lose committed transactions when two connections write and checkpoint at once (fixed in 3.51.3). */
const oldestSafeVersion = [3, 51, 3]

/** Whether a SQLite of this version, e.g. `3.53.2`, keeps what it committed. */
export function isSafeSqliteVersion(version: string): boolean {
  const match = /^(\d+)\.(\d+)\.(\d+)/.exec(version)
  if (!match) return false
  for (const [position, oldest] of oldestSafeVersion.entries()) {
    const actual = Number(match[position + 1])
    if (actual !== oldest) return actual > oldest
  }
  return true
}

/** @throws StoreError `unsafe-sqlite` when the SQLite loaded into this process is too old. */
export function assertSafeSqlite(): void {
  const memory = new BetterSqlite3(':memory:')
  try {
    const version = memory.prepare('select sqlite_version()').pluck().get() as string
    if (!isSafeSqliteVersion(version)) {
      throw new StoreError(
        'unsafe-sqlite',
        `SQLite ${version} can lose committed data; 3.51.3 or newer is needed`,
      )
    }
  } finally {
    memory.close()
  }
}
