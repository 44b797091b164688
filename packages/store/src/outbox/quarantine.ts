import { checkText, checkUids } from '../arguments.js'
import { type Clock, toTime } from '../clock.js'
import type { Database } from '../sqlite/database.js'
import { jsonValues } from '../sqlite/json-values.js'
import type { Store } from '../store.js'
import { belongsTo } from './change-row.js'

/** @see {@link Store.quarantine} */
export function prepareQuarantine(database: Database, clock: Clock): Store['quarantine'] {
  return async (uid, reason) => {
    checkText('uid', uid)
    checkText('reason', reason)
    await database.write((transaction) =>
      transaction
        .updateTable('outbox')
        .set({ quarantined_at: toTime(clock()), quarantine_reason: reason })
        .where(belongsTo(uid))
        .execute(),
    )
  }
}

/** @see {@link Store.retryQuarantined} */
export function prepareRetryQuarantined(database: Database): Store['retryQuarantined'] {
  return async (uids) => {
    if (uids !== undefined) checkUids(uids)
    const result = await database.write((transaction) => {
      const retry = transaction
        .updateTable('outbox')
        .set({ quarantined_at: null, quarantine_reason: null })
        .where('quarantined_at', 'is not', null)
      if (uids === undefined) return retry.executeTakeFirst()
      const messages = transaction.selectFrom('messages').select('id').where('uid', 'in', jsonValues(uids))
      return retry.where('message_id', 'in', messages).executeTakeFirst()
    })
    return Number(result.numUpdatedRows)
  }
}
