import { sql } from 'kysely'
import type { Writer } from '../database/database.js'
import type { Schema } from '../database/schema.js'
import { kindOf } from '../messages/message-row.js'
import { eraseVersions, keepVersions } from '../messages/versions.js'
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
export async function applyVersion(writer: Writer, application: Application): Promise<void> {
  const { message, recorded, forgotten, renumbered } = application
  if (recorded.deleted_at !== null) {
    await eraseVersions(writer, [message.id])
    return becomeCurrent(writer, application)
  }
  await forget(writer, message.id, forgotten)
  if (renumbered.length === 0) {
    // Otherwise the current version is one of the forgotten.
    if (message.is_synchronized) await keepVersions(writer, [message.id])
    return becomeCurrent(writer, application)
  }
  await renumber(writer, message.id, renumbered)
  await becomeEarlier(writer, application)
}

async function becomeCurrent(
  { messages }: Writer,
  { message, recorded, position }: Application,
): Promise<void> {
  const { version, content, format, topic, updated_at, updated_by, deleted_at, git_hash } = recorded
  const fields = {
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
  }
  await messages.update([{ message, fields }])
}

/** Keeps the recorded version before the pending ones. Of a deleted message no text is stored again. */
async function becomeEarlier(
  { queries, messages, versions }: Writer,
  { message, recorded, position }: Application,
): Promise<void> {
  const { version, content, format, topic, updated_at, updated_by, git_hash } = recorded
  const fields = { content, format, topic, updated_at, updated_by, git_hash, synchronized_position: position }
  if (message.deleted_at === null) {
    await queries
      .insertInto('versions')
      .values({ number: versions.allocate(1), message_id: message.id, version, ...fields })
      .onConflict((conflict) => conflict.columns(['message_id', 'version']).doUpdateSet(fields))
      .execute()
  }
  await messages.update([{ message, fields: { synchronized_version: version, position } }])
}

async function forget(
  { queries, numbers, outbox }: Writer,
  messageId: number,
  forgotten: readonly PendingVersion[],
): Promise<void> {
  if (forgotten.length === 0) return
  const versions = numbers(forgotten.map(({ version }) => version))
  await outbox.delete(sql<boolean>`message_id = ${messageId} and version in ${versions}`)
  await queries
    .deleteFrom('versions')
    .where('message_id', '=', messageId)
    .where('version', 'in', versions)
    .execute()
}

/** Gives pending versions other numbers, and the idempotency keys that resolve with them. */
async function renumber(
  { queries, name, rows }: Writer,
  messageId: number,
  renumbered: readonly Renumbered[],
): Promise<void> {
  const changed = renumbered.filter(({ from, to }) => from !== to)
  if (changed.length === 0) return
  const numbers = rows(
    { former: 'bigint', latter: 'bigint' },
    changed.map(({ from, to }) => [from, to]),
  )
  async function set(
    table: keyof Schema,
    { owner, value }: Record<'owner' | 'value', string>,
  ): Promise<void> {
    await sql`
      update ${name(table)} set version = ${sql.raw(value)} from ${numbers} as numbers
      where ${sql.raw(owner)} = ${messageId} and version = former
    `.execute(queries)
  }
  await set('messages', { owner: 'id', value: 'latter' })
  await set('idempotency_keys', { owner: 'version is not null and message_id', value: 'latter' })
  for (const table of ['outbox', 'versions'] as const) {
    // Negative for a moment: no two versions may have the same number in between.
    await set(table, { owner: 'message_id', value: '-latter' })
    await sql`update ${name(table)} set version = -version where message_id = ${messageId} and version < 0`.execute(
      queries,
    )
  }
}
