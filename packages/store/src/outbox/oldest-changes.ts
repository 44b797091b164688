import type { Kysely } from 'kysely'
import { checkLimit, checkNumber } from '../arguments.js'
import type { Database } from '../sqlite/database.js'
import type { Schema } from '../sqlite/schema.js'
import type { Store } from '../store.js'
import { selectChanges, toChange } from './change-row.js'

/** @see {@link Store.oldestChanges} */
export function prepareOldestChanges(database: Database): Store['oldestChanges'] {
  return async (limit, after) => {
    checkLimit(limit)
    if (after !== undefined) checkNumber('after', after)
    const rows = await database.read((queries) => selectOldestChanges(queries, { limit, after }).execute())
    return rows.map(toChange)
  }
}

/** Pending changes, in order. */
export function selectOldestChanges(
  queries: Kysely<Schema>,
  { limit, after }: { limit: number; after: number | undefined },
) {
  const page = selectChanges(queries).where('quarantined_at', 'is', null).orderBy('sequence').limit(limit)
  return after === undefined ? page : page.where('sequence', '>', after)
}
