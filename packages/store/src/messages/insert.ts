import { CompiledQuery, type Kysely, type Transaction } from 'kysely'
import { indexMessages } from '../search-index/writer.js'
import { jsonValues } from '../sqlite/query-helpers.js'
import type { Schema } from '../sqlite/schema.js'
import type { StoredMessage } from '../stored-message.js'
import { ROW_COLUMNS, toRow } from './message-row.js'

const INSERT = `insert into messages (${ROW_COLUMNS.join(', ')}) values (${ROW_COLUMNS.map(() => '?').join(', ')})`

/**
 * Inserts messages that have their ids, and indexes them. One by one: a statement for many rows is compiled again for every number of
 * rows, which takes longer.
 */
export async function insertMessages(
  transaction: Transaction<Schema>,
  messages: readonly StoredMessage[],
): Promise<void> {
  for (const message of messages) await transaction.executeQuery(CompiledQuery.raw(INSERT, toRow(message)))
  await indexMessages(transaction, messages)
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
