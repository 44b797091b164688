import type { CompiledQuery, Kysely, Transaction } from 'kysely'
import type { Schema } from './schema.js'

/**
 * The only access to the tables, and what a database must do. Reads and writes are repeated if they lost a race, so their
 * callbacks must await nothing but queries and have no effect but on the database.
 */
export interface Database {
  /** Compiles queries; {@link Database.read} and {@link Database.write} run them. */
  readonly queries: Kysely<Schema>
  read<Result>(work: (queries: Kysely<Schema>) => Promise<Result>): Promise<Result>
  /** Runs a query that only reads and was compiled earlier, with other parameters: much faster than the other way. */
  select<Row>(query: CompiledQuery<Row>, parameters: readonly unknown[]): Promise<readonly Row[]>
  /** Runs one transaction that no other one overlaps, of any process. Its result is durable. */
  write<Result>(work: (transaction: Transaction<Schema>) => Promise<Result>): Promise<Result>
  /**
   * A text that differs after every write. It costs a few microseconds: where asking costs more, half a second may pass
   * until it shows what another process has written.
   */
  revision(): Promise<string>
  close(): Promise<void>
}
