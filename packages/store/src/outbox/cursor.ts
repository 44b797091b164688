import type { Database, Writer } from '../database/database.js'
import type { Store } from '../store.js'
import type { Cursor, SyncSummary } from '../synchronization.js'

/** @see {@link Store.cursor} */
export function createCursorReader(database: Database): Store['cursor'] {
  return () =>
    database.read(({ queries }) =>
      queries.selectFrom('cursor').select(['commit', 'format']).executeTakeFirstOrThrow(),
    )
}

/** Moves the cursor, in either direction. */
export async function moveCursor({ queries }: Writer, { commit, format }: Cursor): Promise<void> {
  await queries.updateTable('cursor').set({ commit, format }).execute()
}

/** @see {@link Store.summary} */
export function createSummary(database: Database): Store['summary'] {
  const query = database.queries
    .selectFrom(['outbox_counts', 'cursor'])
    .select((expression) => [
      'pending',
      'quarantined',
      expression
        .selectFrom('outbox')
        .innerJoin('messages', 'messages.id', 'outbox.message_id')
        .leftJoin('versions', (join) =>
          join
            .onRef('versions.message_id', '=', 'outbox.message_id')
            .onRef('versions.version', '=', 'outbox.version'),
        )
        .select(({ fn }) => fn.coalesce('versions.updated_at', 'messages.updated_at').as('updated_at'))
        .where('quarantined_at', 'is', null)
        .orderBy('rank')
        .orderBy('sequence')
        .limit(1)
        .as('oldest_pending_at'),
      'last_synchronized_at',
      'history_lost_at',
    ])
    .compile()
  return async () =>
    (await database.read(({ queries }) => queries.executeQuery(query))).rows[0] as SyncSummary
}
