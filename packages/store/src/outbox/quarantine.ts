import { type ExpressionBuilder, type Kysely, sql } from 'kysely'
import { checkLimit, checkNumber, checkText, checkUids } from '../arguments.js'
import { type Clock, toTime } from '../clock.js'
import type { Database } from '../database/database.js'
import type { Schema } from '../database/schema.js'
import { movePositions } from '../messages/positions.js'
import type { Store } from '../store.js'
import type { QuarantinedChange } from '../synchronization.js'
import { selectChanges, toChange } from './oldest-changes.js'

const DEFAULT_LIMIT = 50

/** @see {@link Store.quarantine} */
export function createQuarantine(database: Database, clock: Clock): Store['quarantine'] {
  return async (uid, reason, { version, lock } = {}) => {
    checkText('uid', uid)
    checkText('reason', reason)
    if (version !== undefined) checkNumber('version', version)
    await database.write(
      async (writer) => {
        const { name, outbox } = writer
        const ofMessage = sql<boolean>`message_id = (select id from ${name('messages')} where uid = ${uid})`
        const condition =
          version === undefined ? ofMessage : sql<boolean>`${ofMessage} and version = ${version}`
        const count = await outbox.quarantine(condition, { at: toTime(clock()), reason })
        if (count > 0) await movePositions(writer, [uid])
      },
      { lock },
    )
  }
}

/** @see {@link Store.retryQuarantined} */
export function createRetryQuarantined(database: Database): Store['retryQuarantined'] {
  return async (uids) => {
    if (uids !== undefined) checkUids(uids)
    return database.write(async (writer) => {
      const { queries, texts, numbers, outbox } = writer
      const quarantined = queries
        .selectFrom('outbox')
        .innerJoin('messages', 'messages.id', 'outbox.message_id')
        .select(['sequence', 'uid'])
        .where('quarantined_at', 'is not', null)
      const changes = await (uids === undefined
        ? quarantined
        : quarantined.where('uid', 'in', texts(uids))
      ).execute()
      const sequences = numbers(changes.map(({ sequence }) => sequence))
      await outbox.quarantine(sql<boolean>`sequence in ${sequences}`, null)
      await movePositions(
        writer,
        changes.map(({ uid }) => uid),
      )
      return changes.length
    })
  }
}

/** @see {@link Store.quarantinedChanges} */
export function createQuarantinedChanges(database: Database): Store['quarantinedChanges'] {
  return async ({ limit = DEFAULT_LIMIT, before } = {}) => {
    checkLimit(limit)
    if (before !== undefined) checkNumber('before', before)
    const rows = await database.read(({ queries }) =>
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
export function createQuarantineReason(database: Database): Store['quarantineReason'] {
  return async (uid) => {
    checkText('uid', uid)
    const row = await database.read(({ queries }) =>
      queries
        .selectFrom('outbox')
        .select('quarantine_reason')
        .where(belongsTo(uid))
        .where('quarantined_at', 'is not', null)
        .orderBy('version', 'desc')
        .limit(1)
        .executeTakeFirst(),
    )
    return row?.quarantine_reason ?? null
  }
}

/** Quarantined changes with their reasons, newest first. */
export function selectQuarantinedChanges(
  queries: Kysely<Schema>,
  { limit, before }: { limit: number; before: number | undefined },
) {
  const quarantined = queries.selectFrom('outbox').selectAll().where('quarantined_at', 'is not', null)
  const earlier = before === undefined ? quarantined : quarantined.where('sequence', '<', before)
  const newest = earlier.orderBy('sequence', 'desc').limit(limit)
  return selectChanges(queries, newest.as('outbox'))
    .select(['outbox.quarantined_at', 'outbox.quarantine_reason as reason'])
    .$narrowType<{ quarantined_at: string; reason: string }>()
    .orderBy('outbox.sequence', 'desc')
}

/** A condition on `outbox`: the change is of the message with this uid. */
const belongsTo = (uid: string) => (expression: ExpressionBuilder<Schema, 'outbox'>) =>
  expression(
    'message_id',
    '=',
    expression.selectFrom('messages').select('messages.id').where('messages.uid', '=', uid),
  )
