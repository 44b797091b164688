import { sql, type Transaction } from 'kysely'
import { type Clock, toTime } from '../clock.js'
import type { Database } from '../sqlite/database.js'
import type { Schema } from '../sqlite/schema.js'
import type { Store } from '../store.js'
import { moveCursor } from './cursor.js'

/** @see {@link Store.resetSynchronization} */
export function prepareResetSynchronization(database: Database, clock: Clock): Store['resetSynchronization'] {
  return () =>
    database.write(async (transaction) => {
      const { numUpdatedRows } = await transaction
        .updateTable('messages')
        .set({ git_hash: null, is_synchronized: 0 })
        .where('is_synchronized', '=', 1)
        .executeTakeFirst()
      const now = toTime(clock())
      await refillOutbox(transaction, now)
      await moveCursor(transaction, { commit: null, format: null })
      await transaction.updateTable('cursor').set({ history_lost_at: now }).execute()
      return Number(numUpdatedRows)
    })
}

/** Pending changes are made anew too: the outbox must be in the order of the messages. */
async function refillOutbox(transaction: Transaction<Schema>, createdAt: string): Promise<void> {
  await transaction.deleteFrom('outbox').where('quarantined_at', 'is', null).execute()
  await transaction
    .insertInto('outbox')
    .columns(['message_id', 'created_at'])
    .expression((expression) =>
      expression
        .selectFrom('messages')
        .select(['id', sql.val(createdAt).as('created_at')])
        .where('id', 'not in', expression.selectFrom('outbox').select('message_id'))
        .orderBy('id'),
    )
    .execute()
}
