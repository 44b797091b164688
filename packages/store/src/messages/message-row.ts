import { type RawBuilder, sql } from 'kysely'
import type { MessagesTable } from '../database/schema.js'
import type { MessageFormat, StoredMessage } from '../stored-message.js'

/** The columns of a message, in the order in which the API shows its fields. */
export const MESSAGE_COLUMNS = [
  'messages.id',
  'messages.uid',
  'messages.content',
  'messages.sender',
  'messages.timestamp',
  'messages.git_hash',
  'messages.is_synchronized',
  'messages.created_at',
  'messages.updated_at',
  'messages.path',
  'messages.origin_id',
  'messages.version',
  'messages.format',
  'messages.topic',
  'messages.reply_to',
  'messages.thread',
  'messages.deleted_at',
  'messages.updated_by',
  'messages.synchronized_version',
  'messages.position',
] as const

/** The {@link MESSAGE_COLUMNS} for statements that are not built: in one piece, because many names are slow to compile. */
export const MESSAGE_SELECTION = sql.raw(MESSAGE_COLUMNS.join(', '))

/** A row with the {@link MESSAGE_COLUMNS}. */
export type MessageRow = Omit<MessagesTable, 'kind' | 'synchronized_position'>

/** Converts a row of `messages` to the public shape. */
export const toMessage = (row: MessageRow): StoredMessage => ({
  id: row.id,
  uid: row.uid,
  content: row.content,
  sender: row.sender,
  timestamp: row.timestamp,
  git_hash: row.git_hash,
  is_synchronized: row.is_synchronized === 1,
  created_at: row.created_at,
  updated_at: row.updated_at,
  path: row.path,
  origin_id: row.origin_id,
  version: row.version,
  format: row.format as MessageFormat,
  topic: row.topic,
  reply_to: row.reply_to,
  thread: row.thread,
  deleted_at: row.deleted_at,
  updated_by: row.updated_by,
  synchronized_version: row.synchronized_version,
  position: row.position,
})

/** The columns of a row of `messages`, in the order of {@link toRow}. */
export const ROW_COLUMNS = [
  ...MESSAGE_COLUMNS.map((column) => column.slice('messages.'.length)),
  'kind',
  'synchronized_position',
]

/** The values of a row of `messages`; a synchronized message was synchronized by its last visible change. */
export const toRow = (message: StoredMessage): (number | string | null)[] => [
  message.id,
  message.uid,
  message.content,
  message.sender,
  message.timestamp,
  message.git_hash,
  message.is_synchronized ? 1 : 0,
  message.created_at,
  message.updated_at,
  message.path,
  message.origin_id,
  message.version,
  message.format,
  message.topic,
  message.reply_to,
  message.thread,
  message.deleted_at,
  message.updated_by,
  message.synchronized_version,
  message.position,
  kindOf(message),
  message.is_synchronized ? message.position : null,
]

/** The kind of a message in its row. */
export function kindOf({ format, deleted_at }: Pick<StoredMessage, 'format' | 'deleted_at'>): number {
  if (deleted_at !== null) return 2
  return format === 'reaction' ? 1 : 0
}

/** Conditions on a table `messages` of this name. A number in the text, not a parameter: the indexes are partial. */
export const isListed = (table: string): RawBuilder<boolean> => sql<boolean>`${sql.ref(table)}.kind = 0`
export const isReaction = (table: string): RawBuilder<boolean> => sql<boolean>`${sql.ref(table)}.kind = 1`
export const isDeleted = (table: string): RawBuilder<boolean> => sql<boolean>`${sql.ref(table)}.kind = 2`
