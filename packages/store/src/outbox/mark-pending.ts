import { sql } from 'kysely'
import { checkUids } from '../arguments.js'
import { type Clock, toTime } from '../clock.js'
import type { Database } from '../sqlite/database.js'
import { jsonValues } from '../sqlite/json-values.js'
import type { Store } from '../store.js'

/** @see {@link Store.markPending} */
export function prepareMarkPending(database: Database, clock: Clock): Store['markPending'] {
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
