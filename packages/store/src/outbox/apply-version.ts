import { type RawBuilder, sql, type Transaction } from 'kysely'
import { eraseVersions } from '../messages/change.js'
import { kindOf } from '../messages/message-row.js'
import { keepVersion } from '../messages/versions.js'
import { reindexMessage } from '../search-index/writer.js'
import { jsonValues } from '../sqlite/query-helpers.js'
import type { Schema } from '../sqlite/schema.js'
import type { RecordedVersion } from '../synchronization.js'
import type { MessageState, PendingVersion, Renumbered } from './version-rule.js'

/** A recorded version that is to be taken, and what that does to the pending ones. */
interface Application extends MessageState {
  readonly recorded: RecordedVersion
  /** The position of this visible change. */
  readonly position: number
  readonly forgotten: readonly PendingVersion[]
  readonly renumbered: readonly Renumbered[]
}

/** Stores a version that was made elsewhere; pending ones are renumbered to follow it. */
export async function applyVersion(
  transaction: Transaction<Schema>,
  application: Application,
): Promise<void> {
  const { message, recorded, forgotten, renumbered } = application
  if (recorded.deleted_at !== null) {
    await eraseVersions(transaction, message.id)
    return becomeCurrent(transaction, application)
  }
  await forget(transaction, message.id, forgotten)
  if (renumbered.length === 0) {
    // Otherwise the current version is one of the forgotten.
    if (message.is_synchronized) await keepVersion(transaction, message.id)
    return becomeCurrent(transaction, application)
  }
  await renumber(transaction, message.id, renumbered)
  await becomeEarlier(transaction, application)
}

async function becomeCurrent(
  transaction: Transaction<Schema>,
  { message, recorded, position }: Application,
): Promise<void> {
  const { version, content, format, topic, updated_at, updated_by, deleted_at, git_hash } = recorded
  await transaction
    .updateTable('messages')
    .set({
      version,
      content,
      format,
      topic,
      updated_at,
      updated_by,
      deleted_at,
      git_hash,
      kind: kindOf(recorded),
      is_synchronized: 1,
      synchronized_version: version,
      synchronized_position: position,
      position,
    })
    .where('id', '=', message.id)
    .execute()
  await reindexMessage(transaction, message, recorded)
}

/** Keeps the recorded version before the pending ones. Of a deleted message no text is stored again. */
async function becomeEarlier(
  transaction: Transaction<Schema>,
  { message: { id, deleted_at }, recorded, position }: Application,
): Promise<void> {
  const { version, content, format, topic, updated_at, updated_by, git_hash } = recorded
  const fields = { content, format, topic, updated_at, updated_by, git_hash, synchronized_position: position }
  if (deleted_at === null) {
    await transaction
      .insertInto('versions')
      .values({ message_id: id, version, ...fields })
      .onConflict((conflict) => conflict.columns(['message_id', 'version']).doUpdateSet(fields))
      .execute()
  }
  await transaction
    .updateTable('messages')
    .set({ synchronized_version: version, position })
    .where('id', '=', id)
    .execute()
}

async function forget(
  transaction: Transaction<Schema>,
  messageId: number,
  forgotten: readonly PendingVersion[],
): Promise<void> {
  if (forgotten.length === 0) return
  const versions = jsonValues(forgotten.map(({ version }) => version))
  for (const table of ['outbox', 'versions'] as const) {
    await transaction
      .deleteFrom(table)
      .where('message_id', '=', messageId)
      .where('version', 'in', versions)
      .execute()
  }
}

/** Gives pending versions other numbers, and the idempotency keys that resolve with them. */
async function renumber(
  transaction: Transaction<Schema>,
  messageId: number,
  renumbered: readonly Renumbered[],
): Promise<void> {
  const changed = renumbered.filter(({ from, to }) => from !== to)
  if (changed.length === 0) return
  const numbers = sql`(
    select value ->> 0 as old, value ->> 1 as new
    from json_each(${JSON.stringify(changed.map(({ from, to }) => [from, to]))})
  ) as numbers`
  const set = (table: RawBuilder<unknown>, owner: RawBuilder<unknown>, value: RawBuilder<unknown>) =>
    sql`update ${table} set version = ${value} from ${numbers} where ${owner} = ${messageId} and version = old`.execute(
      transaction,
    )
  await set(sql`messages`, sql`id`, sql`new`)
  await set(sql`idempotency_keys`, sql`idempotency_keys.version is not null and message_id`, sql`new`)
  for (const table of [sql`outbox`, sql`versions`]) {
    // Negative for a moment: no two versions may have the same number in between.
    await set(table, sql`message_id`, sql`-new`)
    await sql`update ${table} set version = -version where message_id = ${messageId} and version < 0`.execute(
      transaction,
    )
  }
}
