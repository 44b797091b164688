import type { Transaction } from 'kysely'
import type { Database } from '../sqlite/database.js'
import type { Schema } from '../sqlite/schema.js'
import type { Cursor, Store } from '../store.js'

/** @see {@link Store.cursor} */
export function prepareCursor(database: Database): Store['cursor'] {
  const query = database.queries.selectFrom('cursor').select(['commit', 'format'])
  return () => database.read(() => query.executeTakeFirstOrThrow())
}

/** Moves the cursor, whichever way. */
export async function moveCursor(
  transaction: Transaction<Schema>,
  { commit, format }: Cursor,
): Promise<void> {
  await transaction.updateTable('cursor').set({ commit, format }).execute()
}
