import type { Schema } from '../../database/schema.js'
import { ROW_COLUMNS } from '../../messages/message-row.js'

/** A table that is copied row by row. */
export interface CopiedTable {
  readonly name: 'messages' | 'versions' | 'outbox' | 'idempotency_keys'
  /** The column by which its rows are read: unique, and its order is the same in both engines. */
  readonly key: string
  readonly columns: readonly string[]
}

/** In the order in which they refer to each other. What else there is follows from them, or is a number. */
export const COPIED_TABLES: readonly CopiedTable[] = [
  { name: 'messages', key: 'id', columns: ROW_COLUMNS },
  {
    name: 'versions',
    key: 'number',
    columns: [
      ...['number', 'message_id', 'version', 'content', 'format', 'topic', 'updated_at', 'updated_by'],
      ...['git_hash', 'synchronized_position'],
    ],
  },
  {
    name: 'outbox',
    key: 'sequence',
    columns: [
      ...['sequence', 'message_id', 'version', 'rank', 'created_at', 'quarantined_at', 'quarantine_reason'],
    ],
  },
  {
    name: 'idempotency_keys',
    key: 'key',
    columns: ['key', 'fingerprint', 'message_id', 'version', 'created_at'],
  },
]

/** A row of any of the tables, with values in the order of its columns. */
export type CopiedRow = Readonly<Record<string, number | string | null>>

/** What is copied beside the rows of {@link COPIED_TABLES}. */
export interface CopiedState {
  /** The latest number of each kind that was ever given. */
  readonly last_id: number
  readonly sequence: number
  readonly version_number: number
  readonly position: number
  /** The name of the order of positions. */
  readonly epoch: string
  readonly cursor: Readonly<Record<keyof Schema['cursor'], number | string | null>>
}

export const CURSOR_COLUMNS = [
  'commit',
  'format',
  'last_synchronized_at',
  'history_lost_at',
  'rank',
  'must_compact',
] as const satisfies readonly (keyof Schema['cursor'])[]
