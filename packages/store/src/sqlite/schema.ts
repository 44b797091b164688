import type { Generated } from 'kysely'

/** The tables, for kysely. Their constraints are in the migrations. */
export interface Schema {
  messages: MessagesTable
  outbox: {
    sequence: Generated<number>
    message_id: number
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
  }
  idempotency_keys: { key: string; fingerprint: string; message_id: number; created_at: string }
  /** SQLite's own: the highest id ever given in each table with AUTOINCREMENT. */
  sqlite_sequence: { name: string; seq: number }
}

/** A row of `messages`. */
export interface MessagesTable {
  id: number
  uid: string
  content: string
  sender: string
  timestamp: string
  git_hash: string | null
  /** 0 or 1. */
  is_synchronized: number
  created_at: string
  updated_at: string
  path: string
  origin_id: number
}
