import { randomBytes } from 'node:crypto'

/**
 * What is numbered and counted, in one row. A transaction that writes locks it, late, until it has committed: so numbers
 * have no gaps, and become visible in their order.
 */
export interface Counters {
  /** The highest id ever given to a message. */
  last_id: number
  /** The position of the latest visible change. */
  position: number
  /** The last number of a row in `outbox` and in `versions`. */
  sequence: number
  version_number: number
  /** How many changes are in the outbox. */
  pending: number
  quarantined: number
  /** How often anything was written. */
  revision: number
  /** The name of the order of positions. */
  epoch: string
  /** The history of the database to which that order belongs: see `0003-timeline.ts`. */
  timeline: string
}

/** The tables that only PostgreSQL has. There, `feed` and `outbox_counts` are views of the counters. */
export type PostgresTables = {
  counters: Counters
  /** The messages by position: apart from them, so that settling a message changes none of their indexes. */
  feed_order: { position: number; message_id: number }
  /** The words of each message that can be found. */
  search_index: { id: number; words: string }
  /** One row: the lock of the synchronizer. */
  sync_lease: { holder: string | null; expires_at: Date | null; term: number }
}

/** The names of the columns of {@link Counters}. */
export const COUNTERS = [
  'last_id',
  'position',
  'sequence',
  'version_number',
  'pending',
  'quarantined',
  'revision',
  'epoch',
  'timeline',
] as const satisfies readonly (keyof Counters)[]

/** A name for an order of positions. */
export const createEpoch = (): string => randomBytes(8).toString('hex')
