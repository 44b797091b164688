import type { Kysely } from 'kysely'
import { checkLimit, checkNumber, checkText } from '../arguments.js'
import type { Database } from '../sqlite/database.js'
import type { Schema } from '../sqlite/schema.js'
import type { QuarantinedChange, Store } from '../store.js'
import { belongsTo, selectChanges, toChange } from './change-row.js'

/** @see {@link Store.quarantinedChanges} */
export function prepareQuarantinedChanges(database: Database): Store['quarantinedChanges'] {
  return async ({ limit = 50, before } = {}) => {
    checkLimit(limit)
    if (before !== undefined) checkNumber('before', before)
    const rows = await database.read((queries) =>
      selectQuarantinedChanges(queries, { limit, before }).execute(),
    )
    return rows.map(
      ({ quarantined_at, reason, ...change }): QuarantinedChange => ({
        ...toChange(change),
        reason,
        quarantined_at,
      }),
    )
  }
}

/** @see {@link Store.quarantineReason} */
export function prepareQuarantineReason(database: Database): Store['quarantineReason'] {
  return async (uid) => {
    checkText('uid', uid)
    const row = await database.read((queries) =>
      queries.selectFrom('outbox').select('quarantine_reason').where(belongsTo(uid)).executeTakeFirst(),
    )
    return row?.quarantine_reason ?? null
  }
}

/** Quarantined changes with their reasons, newest first. */
export function selectQuarantinedChanges(
  queries: Kysely<Schema>,
  { limit, before }: { limit: number; before: number | undefined },
) {
  const page = selectChanges(queries)
    .select(['quarantined_at', 'quarantine_reason as reason'])
    .where('quarantined_at', 'is not', null)
    .$narrowType<{ quarantined_at: string; reason: string }>()
    .orderBy('sequence', 'desc')
    .limit(limit)
  return before === undefined ? page : page.where('sequence', '<', before)
}
