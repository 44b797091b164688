import type BetterSqlite3 from 'better-sqlite3'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type SqliteStatement,
} from 'kysely'

const MAX_CACHED_STATEMENTS = 200

/**
 * Kysely's SQLite dialect for a database that processes share: a transaction takes the write lock when it begins. A
 * deferred one, which reads first and writes later, fails at once if another process has written in between.
 */
export function createImmediateDialect(handle: BetterSqlite3.Database): Dialect {
  return {
    createDriver: () => new ImmediateDriver(handle),
    createAdapter: () => new TransactionalAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (queries) => new SqliteIntrospector(queries),
  }
}

class ImmediateDriver extends SqliteDriver {
  readonly #handle: BetterSqlite3.Database

  constructor(handle: BetterSqlite3.Database) {
    super({ database: { close: () => handle.close(), prepare: createPrepare(handle) } })
    this.#handle = handle
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // SQLite itself rolls back when the disk is full; a second rollback would fail and hide the reason.
    if (this.#handle.inTransaction) await super.rollbackTransaction(connection)
  }
}

class TransactionalAdapter extends SqliteAdapter {
  // SQLite rolls back DDL. Kysely's own adapter reports that it does not, and then migrates without a transaction.
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

/** Compiles each statement once. */
export function createPrepare(handle: BetterSqlite3.Database): (text: string) => SqliteStatement {
  const statements = new Map<string, SqliteStatement>()
  return function prepare(text) {
    const cached = statements.get(text)
    if (cached) return cached
    const statement = handle.prepare(text) as SqliteStatement
    if (statements.size < MAX_CACHED_STATEMENTS) statements.set(text, statement)
    return statement
  }
}
