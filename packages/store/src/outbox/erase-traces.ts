import { checkUids } from '../arguments.js'
import type { Database, Writer } from '../database/database.js'
import type { Store } from '../store.js'

/** @see {@link Store.eraseTraces} */
export function createEraseTraces(database: Database): Store['eraseTraces'] {
  return async (uids, options) => {
    checkUids(uids)
    const versions = await database.write((writer) => eraseRows(writer, uids), options)
    await database.compact()
    return versions
  }
}

/** The fingerprint of a request would confirm a guess of its text. */
async function eraseRows({ queries, texts }: Writer, uids: readonly string[]): Promise<number> {
  const ids = queries.selectFrom('messages').select('id').where('uid', 'in', texts(uids))
  await queries.deleteFrom('idempotency_keys').where('message_id', 'in', ids).execute()
  const { numDeletedRows } = await queries
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
