import type BetterSqlite3 from 'better-sqlite3'
import type { SqliteDatabase, SqliteStatement } from 'kysely'

const capacity = 100
/** Long statements are inserts of many rows: rarely the same twice, and large to keep. */
const longestKept = 2_000

/** What kysely needs of a connection; a statement it asks for again is not compiled again. */
export function cacheStatements(handle: BetterSqlite3.Database): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>()

  return {
    close: () => handle.close(),
    prepare(text) {
      const kept = statements.get(text)
      if (kept) return kept
      const statement = handle.prepare(text) as SqliteStatement
      if (text.length <= longestKept && statements.size < capacity) statements.set(text, statement)
      return statement
    },
  }
}
