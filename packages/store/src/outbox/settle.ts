import { sql, type Transaction } from 'kysely'
import { checkImportedMessage, checkName, checkNumber, checkUids } from '../arguments.js'
import { type Clock, toTime } from '../clock.js'
import type { Database } from '../sqlite/database.js'
import { jsonValues } from '../sqlite/query-helpers.js'
import type { Schema } from '../sqlite/schema.js'
import type { Settlement, Store } from '../store.js'
import { moveCursor } from './cursor.js'
import { importMessages } from './import-messages.js'

/** @see {@link Store.settle} */
export function createSettle(database: Database, clock: Clock): Store['settle'] {
  return async (settlement) => {
    checkSettlement(settlement)
    const { synchronized, imported = [], cursor } = settlement
    await database.write(async (transaction) => {
      if (await markSynchronized(transaction, synchronized)) {
        await transaction
          .updateTable('cursor')
          .set({ last_synchronized_at: toTime(clock()) })
          .execute()
      }
      await importMessages(transaction, imported)
      await moveCursor(transaction, cursor)
      await clearHistoryLossIfComplete(transaction)
    })
  }
}

/** @see {@link Store.markPending} */
export function createMarkPending(database: Database, clock: Clock): Store['markPending'] {
  return async (uids) => {
    checkUids(uids)
    const result = await database.write(async (transaction) => {
      await transaction
        .insertInto('outbox')
        .columns(['message_id', 'created_at'])
        .expression((expression) =>
          expression
            .selectFrom('messages')
            .select(['id', sql.val(toTime(clock())).as('created_at')])
            .where('uid', 'in', jsonValues(uids))
            .where('is_synchronized', '=', 1)
            .orderBy('id'),
        )
        .execute()
      return transaction
        .updateTable('messages')
        .set({ git_hash: null, is_synchronized: 0 })
        .where('uid', 'in', jsonValues(uids))
        .where('is_synchronized', '=', 1)
        .executeTakeFirst()
    })
    return Number(result.numUpdatedRows)
  }
}

/** @see {@link Store.resetSynchronization} */
export function createResetSynchronization(database: Database, clock: Clock): Store['resetSynchronization'] {
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

function checkSettlement({ synchronized, imported = [], cursor }: Settlement): void {
  for (const { uid, git_hash } of synchronized) {
    checkName('uid', uid)
    checkName('git_hash', git_hash)
  }
  for (const message of imported) checkImportedMessage(message)
  if (cursor.commit !== null) checkName('cursor.commit', cursor.commit)
  if (cursor.format !== null) checkNumber('cursor.format', cursor.format)
}

/** Returns whether at least one of the messages is stored here. */
async function markSynchronized(
  transaction: Transaction<Schema>,
  synchronized: Settlement['synchronized'],
): Promise<boolean> {
  if (synchronized.length === 0) return false
  const uids = jsonValues(synchronized.map(({ uid }) => uid))
  const messages = transaction.selectFrom('messages').select('id').where('uid', 'in', uids)
  await transaction.deleteFrom('outbox').where('message_id', 'in', messages).execute()

  // One statement for all messages. If a uid is given twice, the last hash wins.
  const hashes = JSON.stringify([...new Map(synchronized.map(({ uid, git_hash }) => [uid, git_hash]))])
  const pairs = sql<{ uid: string; hash: string }>`(
    select value ->> 0 as uid, value ->> 1 as hash from json_each(${hashes})
  )`
  const { numUpdatedRows } = await transaction
    .updateTable('messages')
    .from(pairs.as('pair'))
    .set(({ ref }) => ({ git_hash: ref('pair.hash'), is_synchronized: 1 }))
    .whereRef('messages.uid', '=', 'pair.uid')
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** When nothing is pending, all messages that were lost are in the repository again. */
async function clearHistoryLossIfComplete(transaction: Transaction<Schema>): Promise<void> {
  await transaction
    .updateTable('cursor')
    .set({ history_lost_at: null })
    .where('history_lost_at', 'is not', null)
    .where(({ selectFrom }) => selectFrom('outbox_counts').select('pending'), '=', 0)
    .execute()
}

/** Also replaces the changes that are pending already, so that the outbox is in the order of the messages. */
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
