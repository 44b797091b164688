import type { ColumnType, Generated } from 'kysely'

/**
 * The rank in the outbox of changes that no repository ever had. Versions of a lost history have lower ones, and are
 * published first: one less for each history that was lost.
 */
export const NEW_RANK = 1_000_000_000

/** The tables, for kysely. Their constraints are in the migrations. */
export interface Schema {
  messages: MessagesTable
  /** A version before the current one. */
  versions: Pick<
    MessagesTable,
    | 'version'
    | 'content'
    | 'format'
    | 'topic'
    | 'updated_at'
    | 'updated_by'
    | 'git_hash'
    | 'synchronized_position'
  > & { number: ColumnType<number, number | null, never>; message_id: number }
  outbox: {
    sequence: Generated<number>
    message_id: number
    version: number
    rank: number
    created_at: string
    quarantined_at: string | null
    quarantine_reason: string | null
  }
  /** One row, updated by triggers on `outbox`. */
  outbox_counts: { pending: number; quarantined: number }
  /** One row. */
  cursor: {
    commit: string | null
    format: number | null
    last_synchronized_at: string | null
    history_lost_at: string | null
    /** The lowest rank that was ever given in the outbox. */
    rank: Generated<number>
    /** 0 or 1: whether closing has to write the file again, without what was deleted. */
    must_compact: Generated<number>
  }
  idempotency_keys: {
    key: string
    fingerprint: string
    message_id: number
    /** The version that an edit resulted in; null if the request created the message. */
    version: number | null
    created_at: string
  }
  /** Kept by triggers on `messages`. */
  topics: { topic: string; messages: number; last_at: string }
  /** One row: the position of the latest visible change. */
  feed: { epoch: string; position: number }
  /**
   * One row: messages with an id up to `indexed` or above `until` are in the search index, others may be. Only in SQLite,
   * those above `tail_after` follow together.
   */
  search_progress: { indexed: number; until: number; tail_after: Generated<number> }
}

/** A row of `messages`: a message in its current version. */
export interface MessagesTable {
  id: number
  uid: string
  version: number
  content: string
  format: string
  topic: string | null
  sender: string
  timestamp: string
  /** 0 or 1. */
  is_synchronized: number
  created_at: string
  updated_at: string
  updated_by: string | null
  git_hash: string | null
  path: string
  origin_id: number
  reply_to: string | null
  thread: string | null
  deleted_at: string | null
  /** 0: listed; 1: a reaction; 2: deleted. It follows from `format` and `deleted_at`. */
  kind: number
  synchronized_version: number | null
  /** The place of the version's commit among all that were synchronized. */
  synchronized_position: number | null
  position: number
}
