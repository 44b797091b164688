import type { Kysely } from 'kysely'
import type { Schema } from '../../database/schema.js'
import type { Store } from '../../store.js'
import type { CopiedRow, CopiedState, CopiedTable } from './tables.js'

/** A transaction of a database. */
export interface CopyWriter {
  /** Its queries read what it has written. */
  readonly queries: Kysely<Schema>
  insert(table: CopiedTable, rows: readonly CopiedRow[]): Promise<void>
  /** Renames the order of positions. */
  renewEpoch(): Promise<void>
  /** Writes the state, and what follows from the rows. The search index is to be built. */
  finish(state: CopiedState): Promise<void>
}

/** A database that is copied from or to, on a connection without limits of time. */
export interface CopyEnd extends AsyncDisposable {
  /** Open on the same database. */
  readonly store: Store
  readState(queries: Kysely<Schema>): Promise<CopiedState>
  /** Runs one transaction, for which all others that write wait. */
  write<Result>(work: (writer: CopyWriter) => Promise<Result>): Promise<Result>
}
