import { sql, type Transaction } from 'kysely'
import { checkName, checkNumber } from '../arguments.js'
import { type Clock, toTime } from '../clock.js'
import { checkImportedMessage } from '../messages/check-message.js'
import type { Database } from '../sqlite/database.js'
import { jsonValues } from '../sqlite/json-values.js'
import type { Schema } from '../sqlite/schema.js'
import type { Settlement, Store } from '../store.js'
import { moveCursor } from './cursor.js'
import { importMessages } from './import-messages.js'

/** @see {@link Store.settle} */
export function prepareSettle(database: Database, clock: Clock): Store['settle'] {
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
      await forgetLossIfComplete(transaction)
    })
  }
}

/** Once nothing is pending, everything that was lost is in the repository again. */
async function forgetLossIfComplete(transaction: Transaction<Schema>): Promise<void> {
  await transaction
    .updateTable('cursor')
    .set({ history_lost_at: null })
    .where('history_lost_at', 'is not', null)
    .where(({ selectFrom }) => selectFrom('outbox_counts').select('pending'), '=', 0)
    .execute()
}

/** Whether one of the messages is stored here. */
async function markSynchronized(
  transaction: Transaction<Schema>,
  synchronized: Settlement['synchronized'],
): Promise<boolean> {
  if (synchronized.length === 0) return false
  const uids = jsonValues(synchronized.map(({ uid }) => uid))
  const messages = transaction.selectFrom('messages').select('id').where('uid', 'in', uids)
  await transaction.deleteFrom('outbox').where('message_id', 'in', messages).execute()

  // One statement for all of them; the last hash given for a uid wins.
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

function checkSettlement({ synchronized, imported = [], cursor }: Settlement): void {
  for (const { uid, git_hash } of synchronized) {
    checkName('uid', uid)
    checkName('git_hash', git_hash)
  }
  for (const message of imported) checkImportedMessage(message)
  if (cursor.commit !== null) checkName('cursor.commit', cursor.commit)
  if (cursor.format !== null) checkNumber('cursor.format', cursor.format)
}
