import type { Kysely, RawBuilder, SelectQueryBuilder, Updateable } from 'kysely'
import type { MessageRow } from '../messages/message-row.js'
import type { Store } from '../store.js'
import type { CreatedMessage, NewMessage, StoredMessage } from '../stored-message.js'
import type { SyncWriteOptions } from '../synchronization.js'
import type { Columns, Row } from './queries.js'
import type { MessagesTable, Schema } from './schema.js'
import type { Outcome, WriteGroup } from './write-group.js'

/** What engines write in different ways. */
export interface Syntax {
  /** The name of a table, for statements that are not built. */
  name(table: keyof Schema): RawBuilder<unknown>
  /** A subquery of these values, as one parameter: the statement is the same for any number of values. */
  texts(values: readonly string[]): RawBuilder<string>
  numbers(values: readonly number[]): RawBuilder<number>
  /** A subquery of these rows, likewise. */
  rows(columns: Columns, rows: readonly Row[]): RawBuilder<unknown>
  /** Prescribes the index for the table before it, or none with `null`, if the engine can be told. */
  indexedBy(index: string | null): RawBuilder<unknown>
}

/** Builds queries, and runs them. */
export interface Reader extends Syntax {
  readonly queries: Kysely<Schema>
  /** The messages whose last visible change is after this position, in order. */
  selectChangedAfter(position: number): SelectQueryBuilder<Schema, 'messages', MessageRow>
}

/** A message as it is stored, and the new values of fields of which readers see the change. */
export interface MessageUpdate {
  readonly message: StoredMessage
  readonly fields: Omit<Updateable<MessagesTable>, 'id'> & { readonly position: number }
}

/**
 * A running transaction. All writes of a database come one after the other. Tables with a member here are only changed
 * through it, because the engines number and count their rows in different ways.
 */
export interface Writer extends Reader {
  readonly messages: {
    /** The highest id ever given to a message; 0 before the first. */
    highestId(): Promise<number>
    /** Inserts messages that have their ids. */
    insert(messages: readonly StoredMessage[]): Promise<void>
    /** Changes messages and their positions. All are given the same fields. */
    update(updates: readonly MessageUpdate[]): Promise<void>
  }
  readonly versions: {
    /** Allocates the numbers of the next rows; returns the first, or `null` if the table gives them itself. */
    allocate(count: number): number | null
  }
  readonly outbox: {
    /**
     * Adds changes in their order, except those that are there already. `changes` is a table with `place`, counting
     * from 0, `message_id`, `version` and `rank`; `count` is the number of its rows.
     *
     * @returns how many were added
     */
    insert(
      changes: RawBuilder<unknown>,
      options: { readonly count: number; readonly createdAt: string },
    ): Promise<number>
    /** Deletes the changes that meet a condition on `outbox`. */
    delete(condition: RawBuilder<boolean>): Promise<void>
    /** Quarantines those that meet it or, with `null`, makes them pending again. Resolves with their number. */
    quarantine(
      condition: RawBuilder<boolean>,
      quarantine: { readonly at: string; readonly reason: string } | null,
    ): Promise<number>
    /** The number of pending changes. */
    countPending(): Promise<number>
  }
  readonly positions: {
    /** The latest position; 0 before the first. */
    latest(): Promise<number>
    /** Allocates the next positions: they become visible in their order. Resolves with the first of them. */
    allocate(count: number): Promise<number>
    /**
     * What a statement begins with that gives messages other positions. `moved` selects their `id`, the `former` and the
     * `latter` position.
     */
    moving(moved: RawBuilder<unknown>): RawBuilder<unknown>
    /** Renames the order of positions. */
    renewEpoch(): Promise<void>
  }
}

/** Options of a write. */
export interface WriteOptions extends SyncWriteOptions {
  /** How long the callers have waited for the write to begin: so much less is waited for the database. Default: 0. */
  readonly waitedMs?: number
}

/**
 * The only access to a database. Reads and writes are repeated while they meet a lock, or lose a race, so their
 * callbacks must await nothing but queries and have no effect but on the database. As a reader it only builds queries.
 */
export interface Database
  extends Reader,
    Pick<Store, 'position' | 'revision' | 'onChange' | 'assertWritable' | 'storage' | 'acquireSyncLock'> {
  /** Runs queries that only read. */
  read<Result>(work: (reader: Reader) => Promise<Result>): Promise<Result>
  /**
   * Runs queries that only read and see one state of the database. In one process, other calls of a SQLite store wait,
   * also during pauses between the queries.
   */
  snapshot<Result>(work: (reader: Reader) => Promise<Result>): Promise<Result>
  /** Runs one transaction. Its result is durable. Fails with `lock-lost` if a lock is given that is not held. */
  write<Result>(work: (writer: Writer) => Promise<Result>, options?: WriteOptions): Promise<Result>
  /**
   * Stores a group of messages in one transaction, and resolves with the outcome of each, also of those that join it.
   * `now` is in milliseconds.
   */
  createMessages(group: WriteGroup<NewMessage>, now: number): Promise<Outcome<CreatedMessage>[]>
  /** Writes what is stored again, without what was deleted. */
  compact(): Promise<void>
  /** Releases the sync lock, and closes all connections. */
  close(): Promise<void>
}
