import type { Kysely } from 'kysely'
import { checkLimit, checkNumber } from '../arguments.js'
import type { Database } from '../sqlite/database.js'
import type { Schema } from '../sqlite/schema.js'
import type { Store } from '../store.js'
import { selectChanges, toChange } from './change-row.js'

/** @see {@link Store.oldestChanges} */
export function prepareOldestChanges(database: Database): Store['oldestChanges'] {
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
