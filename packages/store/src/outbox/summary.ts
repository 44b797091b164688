import type { Database } from '../sqlite/database.js'
import type { Store } from '../store.js'

/** @see {@link Store.summary} */
export function prepareSummary(database: Database): Store['summary'] {
  const query = database.queries
    .selectFrom(['outbox_counts', 'cursor'])
    .select((expression) => [
      'pending',
      'quarantined',
      expression
        .selectFrom('outbox')
        .innerJoin('messages', 'messages.id', 'outbox.message_id')
        .select('messages.created_at')
        .where('quarantined_at', 'is', null)
        .orderBy('sequence')
        .limit(1)
        .as('oldest_pending_at'),
      'last_synchronized_at',
      'history_lost_at',
    ])
  return () => database.read(() => query.executeTakeFirstOrThrow())
}
