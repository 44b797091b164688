import type { Kysely, Transaction } from 'kysely'
import { jsonValues } from '../sqlite/query-helpers.js'
import type { Schema } from '../sqlite/schema.js'
import type { StoredMessage } from '../stored-message.js'
import { toRow } from './message-row.js'

/** At 22 columns a row, well below the 32,766 parameters that SQLite allows in one statement. */
const MAX_ROWS_PER_STATEMENT = 1_000

/** Inserts messages that have their ids. */
export async function insertMessages(
  transaction: Transaction<Schema>,
  messages: readonly StoredMessage[],
): Promise<void> {
  for (let start = 0; start < messages.length; start += MAX_ROWS_PER_STATEMENT) {
    const rows = messages.slice(start, start + MAX_ROWS_PER_STATEMENT).map(toRow)
    await transaction.insertInto('messages').values(rows).execute()
  }
}

/** The highest id ever given to a message of this database; 0 before the first. */
export async function highestId(transaction: Transaction<Schema>): Promise<number> {
  const row = await transaction
    .selectFrom('sqlite_sequence')
    .select('seq')
    .where('name', '=', 'messages')
    .executeTakeFirst()
  return row?.seq ?? 0
}

/** The subset of the given uids that is stored. */
export async function storedUids(queries: Kysely<Schema>, uids: readonly string[]): Promise<Set<string>> {
  const rows = await queries
    .selectFrom('messages')
    .select('uid')
    .where('uid', 'in', jsonValues(uids))
    .execute()
  return new Set(rows.map(({ uid }) => uid))
}
