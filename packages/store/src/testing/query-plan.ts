import BetterSqlite3 from 'better-sqlite3'
import type { CompiledQuery } from 'kysely'

/** How SQLite would run a query on this file: one line per step. */
export function explain(path: string, { sql, parameters }: CompiledQuery): string[] {
  const reader = new BetterSqlite3(path, { readonly: true })
  try {
    const steps = reader.prepare(`explain query plan ${sql}`).all(...parameters) as { detail: string }[]
    return steps.map(({ detail }) => detail)
  } finally {
    reader.close()
  }
}
