import type { Kysely } from 'kysely'
import { checkLimit } from '../arguments.js'
import type { Database } from '../sqlite/database.js'
import type { Schema } from '../sqlite/schema.js'
import type { Store } from '../store.js'
import { selectChanges, toChange } from './change-row.js'

/** @see {@link Store.oldestChanges} */
export function prepareOldestChanges(database: Database): Store['oldestChanges'] {
  return async (limit) => {
    checkLimit(limit)
    const rows = await database.read((queries) => selectOldestChanges(queries, limit).execute())
    return rows.map(toChange)
  }
}

/** Pending changes, in order. */
export const selectOldestChanges = (queries: Kysely<Schema>, limit: number) =>
  selectChanges(queries).where('quarantined_at', 'is', null).orderBy('sequence').limit(limit)
