import type { Kysely } from 'kysely'
import { checkLimit, checkNumber } from '../arguments.js'
import { MESSAGE_COLUMNS, toMessage } from '../messages/message-row.js'
import type { Database } from '../sqlite/database.js'
import type { MessagesTable, Schema } from '../sqlite/schema.js'
import type { Change, Store } from '../store.js'

/** @see {@link Store.oldestChanges} */
export function createOldestChanges(database: Database): Store['oldestChanges'] {
  return async (limit, after = 0) => {
    checkLimit(limit)
    checkNumber('after', after)
    const rows = await database.read((queries) => selectOldestChanges(queries, { limit, after }).execute())
    return rows.map(toChange)
  }
}

/** Pending changes with a sequence above `after`, in order. */
export const selectOldestChanges = (
  queries: Kysely<Schema>,
  { limit, after }: { limit: number; after: number },
) =>
  selectChanges(queries)
    .where('quarantined_at', 'is', null)
    .where('sequence', '>', after)
    .orderBy('sequence')
    .limit(limit)

/** All changes with their messages, pending and quarantined. */
export const selectChanges = (queries: Kysely<Schema>) =>
  queries
    .selectFrom('outbox')
    .innerJoin('messages', 'messages.id', 'outbox.message_id')
    .select(['outbox.sequence', ...MESSAGE_COLUMNS])

/** Converts a row of {@link selectChanges} to the public shape. */
export const toChange = ({ sequence, ...message }: MessagesTable & { sequence: number }): Change => ({
  sequence,
  message: toMessage(message),
})
