import type { AliasedExpression, Kysely, Selectable } from 'kysely'
import { checkInteger, checkLimit, checkNumber } from '../arguments.js'
import type { Database } from '../database/database.js'
import { bind } from '../database/queries.js'
import { NEW_RANK, type Schema } from '../database/schema.js'
import { MESSAGE_COLUMNS, type MessageRow, toMessage } from '../messages/message-row.js'
import type { Store } from '../store.js'
import type { Change } from '../synchronization.js'

/** @see {@link Store.oldestChanges} */
export function createOldestChanges(database: Database): Store['oldestChanges'] {
  const anyChange = { rank: 0, sequence: 0 }
  const first = selectOldestChanges(database.queries, { limit: 0, after: undefined }).compile()
  const next = selectOldestChanges(database.queries, { limit: 0, after: anyChange }).compile()

  return async (limit, after) => {
    checkLimit(limit)
    if (after) {
      checkInteger('after.rank', after.rank, { min: 0, max: NEW_RANK })
      checkNumber('after.sequence', after.sequence)
    }
    const query = after
      ? bind(next, [after.rank, after.sequence, limit, after.rank, limit, limit])
      : bind(first, [limit])
    const { rows } = await database.read(({ queries }) => queries.executeQuery(query))
    return rows.map(toChange)
  }
}

/** Pending changes that come after this one, in order. */
export function selectOldestChanges(
  queries: Kysely<Schema>,
  { limit, after }: { limit: number; after: Pick<Change, 'rank' | 'sequence'> | undefined },
) {
  const pending = queries.selectFrom('outbox').selectAll().where('quarantined_at', 'is', null)
  const oldestOf = (changes: typeof pending) => changes.orderBy('rank').orderBy('sequence').limit(limit)
  const partOf = (changes: typeof pending) => queries.selectFrom(oldestOf(changes).as('part')).selectAll()
  // A comparison of pairs would search the index by the rank alone.
  const oldest = after
    ? partOf(pending.where('rank', '=', after.rank).where('sequence', '>', after.sequence))
        .unionAll(partOf(pending.where('rank', '>', after.rank)))
        .orderBy('rank')
        .orderBy('sequence')
        .limit(limit)
    : oldestOf(pending)
  return selectChanges(queries, oldest.as('outbox')).orderBy('outbox.rank').orderBy('outbox.sequence')
}

/** The columns of a version before the current one; all are null for the current one. */
const EARLIER_COLUMNS = [
  'versions.content as earlier_content',
  'versions.format as earlier_format',
  'versions.topic as earlier_topic',
  'versions.updated_at as earlier_updated_at',
  'versions.updated_by as earlier_updated_by',
] as const

/**
 * Changes with their messages. They are selected first, because PostgreSQL would join all of a backlog that it does not
 * know of.
 */
export const selectChanges = (queries: Kysely<Schema>, outbox: SelectedChanges) =>
  queries
    .selectFrom(outbox)
    .innerJoin('messages', 'messages.id', 'outbox.message_id')
    .leftJoin('versions', (join) =>
      join
        .onRef('versions.message_id', '=', 'outbox.message_id')
        .onRef('versions.version', '=', 'outbox.version'),
    )
    .select([
      'outbox.sequence',
      'outbox.rank',
      'outbox.version as change_version',
      ...MESSAGE_COLUMNS,
      ...EARLIER_COLUMNS,
    ])

/** Some rows of `outbox`. */
type SelectedChanges = AliasedExpression<Selectable<Schema['outbox']>, 'outbox'>

interface ChangeRow extends MessageRow {
  sequence: number
  rank: number
  change_version: number
  earlier_content: string | null
  earlier_format: string | null
  earlier_topic: string | null
  earlier_updated_at: string | null
  earlier_updated_by: string | null
}

/** Converts a row of {@link selectChanges} to the public shape. */
export function toChange(row: ChangeRow): Change {
  const { sequence, rank, change_version: version } = row
  if (version === row.version) return { sequence, rank, message: toMessage(row) }
  const earlier: MessageRow = {
    ...row,
    version,
    content: row.earlier_content as string,
    format: row.earlier_format as string,
    topic: row.earlier_topic,
    updated_at: row.earlier_updated_at as string,
    updated_by: row.earlier_updated_by,
    git_hash: null,
    is_synchronized: 0,
  }
  return { sequence, rank, message: toMessage(earlier) }
}
