import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  PostgresDialect,
  PostgresDriver,
  type PostgresPool,
} from 'kysely'
import { isConnectionLost, LostCommit } from './postgres-error.js'

/** A transaction that is idle for longer is ended, so that a server that is frozen holds the lock for a moment only. */
const MAX_IDLE_MS = 4_000

/** Options of {@link LockingDialect}. */
export interface LockingOptions {
  readonly pool: PostgresPool
  /** The statement that locks all other writes out, first in every transaction. */
  readonly lock: () => string
  /** How long to wait for the lock. */
  readonly lockTimeoutMs: number
}

/**
 * Kysely's PostgreSQL dialect with transactions that no other one overlaps. Their first statements go out together with
 * `begin`, because every round trip keeps all other writes waiting.
 */
export class LockingDialect extends PostgresDialect {
  readonly #options: LockingOptions

  constructor(options: LockingOptions) {
    super({ pool: options.pool })
    this.#options = options
  }

  override createDriver(): Driver {
    return new LockingDriver(this.#options)
  }
}

class LockingDriver extends PostgresDriver {
  readonly #options: LockingOptions

  constructor(options: LockingOptions) {
    super({ pool: options.pool })
    this.#options = options
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    const { lock, lockTimeoutMs } = this.#options
    const statements = [
      'begin isolation level read committed',
      // PostgreSQL takes 0 as unlimited.
      `set local lock_timeout = ${Math.max(1, lockTimeoutMs)}`,
      `set local idle_in_transaction_session_timeout = ${MAX_IDLE_MS}`,
      lock(),
    ]
    try {
      await connection.executeQuery(CompiledQuery.raw(statements.join('; ')))
    } catch (error) {
      await this.rollbackTransaction(connection)
      throw error
    }
  }

  /** @throws {LostCommit} */
  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      // Without a limit: a commit that waits for a standby would succeed when it is cancelled.
      await connection.executeQuery(CompiledQuery.raw('set local statement_timeout = 0; commit'))
    } catch (error) {
      throw isConnectionLost(error) ? new LostCommit(error) : error
    }
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // What it fails with would hide why there is a rollback.
    await super.rollbackTransaction(connection).catch(() => {})
  }
}
