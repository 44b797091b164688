import type { Transaction } from 'kysely'
import { checkUids } from '../arguments.js'
import type { Database } from '../sqlite/database.js'
import { jsonValues } from '../sqlite/query-helpers.js'
import type { Schema } from '../sqlite/schema.js'
import type { Store } from '../store.js'

/** @see {@link Store.eraseTraces} */
export function createEraseTraces(database: Database): Store['eraseTraces'] {
  return async (uids, options) => {
    checkUids(uids)
    const versions = await database.write((transaction) => eraseRows(transaction, uids), options)
    await database.compact()
    return versions
  }
}

/** The fingerprint of a request would confirm a guess of its text. */
async function eraseRows(transaction: Transaction<Schema>, uids: readonly string[]): Promise<number> {
  const ids = transaction.selectFrom('messages').select('id').where('uid', 'in', jsonValues(uids))
  await transaction.deleteFrom('idempotency_keys').where('message_id', 'in', ids).execute()
  const { numDeletedRows } = await transaction
    .deleteFrom('versions')
    .where('message_id', 'in', ids)
    .where('git_hash', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('outbox')
            .select('sequence')
            .whereRef('outbox.message_id', '=', 'versions.message_id')
            .whereRef('outbox.version', '=', 'versions.version'),
        ),
      ),
    )
    .executeTakeFirst()
  return Number(numDeletedRows)
}
