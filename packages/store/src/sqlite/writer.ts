import { CompiledQuery, type Kysely, sql } from 'kysely'
import type { Reader, Writer } from '../database/database.js'
import { bind } from '../database/queries.js'
import type { Schema } from '../database/schema.js'
import { MESSAGE_COLUMNS, ROW_COLUMNS, toRow } from '../messages/message-row.js'
import { indexMessages, reindexMessage } from './search-index/writer.js'
import { SQLITE } from './syntax.js'

const INSERT = `insert into messages (${ROW_COLUMNS.join(', ')}) values (${ROW_COLUMNS.map(() => '?').join(', ')})`

// In every group of posts. Building them would take longer than running them.
const HIGHEST_ID = CompiledQuery.raw(
  "select seq from sqlite_sequence where name = 'messages'",
) as CompiledQuery<{ seq: number }>
const LATEST_POSITION = CompiledQuery.raw('select position from feed') as CompiledQuery<{ position: number }>
const ALLOCATE_POSITIONS = CompiledQuery.raw(
  'update feed set position = position + ? returning position',
) as CompiledQuery<{ position: number }>

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
      const { rows } = await transaction.executeQuery(HIGHEST_ID)
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
      const { rows } = await transaction.executeQuery(LATEST_POSITION)
      return rows[0]?.position ?? 0
    },
    async allocate(count) {
      const { rows } = await transaction.executeQuery(bind(ALLOCATE_POSITIONS, [count]))
      return (rows[0]?.position ?? count) - count + 1
    },
    moving: () => sql``,
    async renewEpoch() {
      await transaction.updateTable('feed').set({ epoch: sql`lower(hex(randomblob(8)))` }).execute()
    },
  }

  return { ...reader, messages, versions: { allocate: () => null }, outbox, positions }
}
