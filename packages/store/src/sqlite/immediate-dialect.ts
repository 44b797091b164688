import type BetterSqlite3 from 'better-sqlite3'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { cacheStatements } from './cache-statements.js'

/**
 * Kysely's SQLite dialect with what a database shared by processes needs: transactions take the write lock when
 * they begin. A deferred one that reads first and writes later fails at once when another process wrote between.
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
    super({ database: cacheStatements(handle) })
    this.#handle = handle
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // SQLite rolls back by itself when the disk is full; a second rollback would fail and hide the reason.
    if (this.#handle.inTransaction) await super.rollbackTransaction(connection)
  }
}

class TransactionalAdapter extends SqliteAdapter {
  // SQLite rolls DDL back. Kysely's own adapter says that it cannot, and then runs migrations unprotected.
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}
