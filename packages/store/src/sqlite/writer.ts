import { CompiledQuery, type Kysely, sql } from 'kysely'
import type { Reader, Writer } from '../database/database.js'
import type { Schema } from '../database/schema.js'
import { MESSAGE_COLUMNS, ROW_COLUMNS, toRow } from '../messages/message-row.js'
import { indexMessages, reindexMessage } from './search-index/writer.js'
import { SQLITE } from './syntax.js'

const INSERT = `insert into messages (${ROW_COLUMNS.join(', ')}) values (${ROW_COLUMNS.map(() => '?').join(', ')})`

/** Builds queries for SQLite. */
export function createReader(queries: Kysely<Schema>): Reader {
  return {
    ...SQLITE,
    queries,
    selectChangedAfter: (position) =>
      queries
        .selectFrom('messages')
        .select(MESSAGE_COLUMNS)
        .where('position', '>', position)
        .orderBy('position'),
  }
}

/** The changes of a transaction. Triggers count the outbox and the topics, and AUTOINCREMENT numbers the rows. */
export function createWriter(transaction: Kysely<Schema>): Writer {
  const reader = createReader(transaction)

  const messages: Writer['messages'] = {
    async highestId() {
      const { rows } = await sql<{
        seq: number
      }>`select seq from sqlite_sequence where name = 'messages'`.execute(transaction)
      return rows[0]?.seq ?? 0
    },
    // One by one: a statement for many rows is compiled again for every number of rows, which takes longer.
    async insert(messages) {
      for (const message of messages) {
        await transaction.executeQuery(CompiledQuery.raw(INSERT, toRow(message)))
      }
      await indexMessages(transaction, messages)
    },
    async update(updates) {
      for (const { message, fields } of updates) {
        await transaction.updateTable('messages').set(fields).where('id', '=', message.id).execute()
        await reindexMessage(transaction, message, {
          content: fields.content ?? message.content,
          format: fields.format ?? message.format,
          deleted_at: fields.deleted_at ?? message.deleted_at,
        })
      }
    },
  }

  const outbox: Writer['outbox'] = {
    async insert(changes, { createdAt }) {
      const { numAffectedRows = 0n } = await sql`
        insert into outbox (message_id, version, rank, created_at)
        select message_id, version, rank, ${createdAt} from ${changes} where true order by place on conflict do nothing
      `.execute(transaction)
      return Number(numAffectedRows)
    },
    async delete(condition) {
      await transaction.deleteFrom('outbox').where(condition).execute()
    },
    async quarantine(condition, quarantine) {
      const { numUpdatedRows } = await transaction
        .updateTable('outbox')
        .set({ quarantined_at: quarantine?.at ?? null, quarantine_reason: quarantine?.reason ?? null })
        .where(condition)
        .executeTakeFirstOrThrow()
      return Number(numUpdatedRows)
    },
    async countPending() {
      return (await transaction.selectFrom('outbox_counts').select('pending').executeTakeFirstOrThrow())
        .pending
    },
  }

  const positions: Writer['positions'] = {
    async latest() {
      return (await transaction.selectFrom('feed').select('position').executeTakeFirstOrThrow()).position
    },
    async allocate(count) {
      const { position } = await transaction
        .updateTable('feed')
        .set({ position: sql`position + ${count}` })
        .returning('position')
        .executeTakeFirstOrThrow()
      return position - count + 1
    },
    moving: () => sql``,
    async renewEpoch() {
      await transaction.updateTable('feed').set({ epoch: sql`lower(hex(randomblob(8)))` }).execute()
    },
  }

  return { ...reader, messages, versions: { allocate: () => null }, outbox, positions }
}
