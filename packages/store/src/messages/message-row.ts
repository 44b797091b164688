import type { MessagesTable } from '../sqlite/schema.js'
import type { StoredMessage } from '../store.js'

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
] as const

/** Converts a row of `messages` to the public shape. */
export const toMessage = (row: MessagesTable): StoredMessage => ({
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
})

/** Converts a message to a row of `messages`. */
export const toRow = (message: StoredMessage): MessagesTable => ({
  ...message,
  is_synchronized: message.is_synchronized ? 1 : 0,
})
