import type { Transaction } from 'kysely'
import { eraseVersions } from '../messages/change.js'
import { highestId, insertMessages } from '../messages/insert.js'
import { kindOf, MESSAGE_COLUMNS, toMessage } from '../messages/message-row.js'
import { allocatePositions, movePositions } from '../messages/positions.js'
import { findParents, targetOf } from '../messages/replies.js'
import { keepVersion } from '../messages/versions.js'
import { jsonValues } from '../sqlite/query-helpers.js'
import type { Schema } from '../sqlite/schema.js'
import type { StoredMessage, VersionFields } from '../stored-message.js'
import type { RecordedVersion, RecordOutcome } from '../synchronization.js'
import { markPublished } from './mark-published.js'
import { decide, findPending, findSynchronized, type PendingVersion } from './version-rule.js'

/** A higher preferred id is ignored: a hostile repository could otherwise leave no ids for later messages. */
const MAX_PREFERRED_ID = 2 ** 52

/**
 * Stores versions read from the repository, in the order of its commits: the messages that are new here, and newer
 * versions of those that are not ({@link decide}). They get no change, because the repository has them.
 */
export async function recordVersions(
  transaction: Transaction<Schema>,
  recorded: readonly RecordedVersion[],
): Promise<RecordOutcome[]> {
  if (recorded.length === 0) return []
  const known = await findIds(transaction, recorded)
  const allocateId = await createIdAllocator(transaction, recorded)
  const outcomes: RecordOutcome[] = []
  let added = new Map<string, RecordedVersion & { id: number }>()

  async function insertAdded(): Promise<void> {
    await insertRecorded(transaction, [...added.values()])
    added = new Map()
  }

  for (const version of recorded) {
    const id = known.get(version.uid)
    if (id === undefined) {
      const newId = allocateId(version.preferred_id)
      known.set(version.uid, newId)
      added.set(version.uid, { ...version, id: newId })
      outcomes.push('stored')
      continue
    }
    if (added.has(version.uid)) await insertAdded()
    outcomes.push(await recordOne(transaction, id, version))
  }
  await insertAdded()
  return outcomes
}

async function recordOne(
  transaction: Transaction<Schema>,
  id: number,
  recorded: RecordedVersion,
): Promise<RecordOutcome> {
  const row = await transaction
    .selectFrom('messages')
    .select(MESSAGE_COLUMNS)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const message = toMessage(row)
  const pending = await findPending(transaction, message)
  const synchronized = await findSynchronized(transaction, message)
  const decision = decide({ message, synchronized, pending }, recorded)

  if (decision.outcome === 'settled') await markPublished(transaction, [recorded])
  if (decision.outcome !== 'applied') return decision.outcome
  const moved = targetOf(message)
  if (recorded.deleted_at !== null) await applyTombstone(transaction, id, recorded)
  else await applyVersion(transaction, { message, recorded, ...decision })
  await movePositions(transaction, moved)
  return 'applied'
}

async function applyTombstone(
  transaction: Transaction<Schema>,
  id: number,
  recorded: RecordedVersion,
): Promise<void> {
  await eraseVersions(transaction, id)
  await becomeCurrent(transaction, id, recorded)
}

/** Stores a version that was made elsewhere; pending ones are renumbered to follow it. */
async function applyVersion(
  transaction: Transaction<Schema>,
  {
    message,
    recorded,
    forgotten,
    renumbered,
  }: {
    message: StoredMessage
    recorded: RecordedVersion
    forgotten: readonly PendingVersion[]
    renumbered: readonly { readonly from: number; readonly to: number }[]
  },
): Promise<void> {
  const { id } = message
  const forgottenVersions = jsonValues(forgotten.map(({ version }) => version))
  for (const table of ['outbox', 'versions'] as const) {
    await transaction
      .deleteFrom(table)
      .where('message_id', '=', id)
      .where('version', 'in', forgottenVersions)
      .execute()
  }
  if (renumbered.length === 0) {
    // Otherwise the current version is one of the forgotten.
    if (message.is_synchronized) await keepVersion(transaction, id)
    return becomeCurrent(transaction, id, recorded)
  }
  // From the last on, so that no two versions have the same number in between.
  for (const { from, to } of renumbered.toReversed()) {
    for (const table of ['outbox', 'versions'] as const) {
      await transaction
        .updateTable(table)
        .set({ version: to })
        .where('message_id', '=', id)
        .where('version', '=', from)
        .execute()
    }
    if (from !== message.version) continue
    await transaction.updateTable('messages').set({ version: to }).where('id', '=', id).execute()
  }
  const position = await allocatePositions(transaction, 1)
  const { version, content, format, topic, updated_at, updated_by, git_hash } = recorded
  await transaction
    .insertInto('versions')
    .values({
      message_id: id,
      version,
      content,
      format,
      topic,
      updated_at,
      updated_by,
      git_hash,
      synchronized_position: position,
    })
    .execute()
  await transaction
    .updateTable('messages')
    .set({ synchronized_version: version, position })
    .where('id', '=', id)
    .execute()
}

async function becomeCurrent(
  transaction: Transaction<Schema>,
  id: number,
  recorded: VersionFields & Pick<RecordedVersion, 'deleted_at' | 'git_hash'>,
): Promise<void> {
  const position = await allocatePositions(transaction, 1)
  const { version, content, format, topic, updated_at, updated_by, deleted_at, git_hash } = recorded
  const current = { version, content, format, topic, updated_at, updated_by, deleted_at, git_hash }
  await transaction
    .updateTable('messages')
    .set({
      ...current,
      kind: kindOf(current),
      is_synchronized: 1,
      synchronized_version: version,
      synchronized_position: position,
      position,
    })
    .where('id', '=', id)
    .execute()
}

/** Stores messages that are new here, with the thread of the message to which they reply. */
async function insertRecorded(
  transaction: Transaction<Schema>,
  added: readonly (RecordedVersion & { id: number })[],
): Promise<void> {
  if (added.length === 0) return
  const parents = new Map<string | number, Pick<StoredMessage, 'uid' | 'thread'>>(
    await findParents(
      transaction,
      added.flatMap(({ reply_to }) => reply_to ?? []),
    ),
  )
  const first = await allocatePositions(transaction, added.length)
  const messages = added.map(({ preferred_id, ...version }, index): StoredMessage => {
    const { uid, reply_to } = version
    // If its parent is unknown here, that is as much of the thread as there is.
    const thread = reply_to === null ? null : (parents.get(reply_to)?.thread ?? reply_to)
    parents.set(uid, { uid, thread })
    return {
      ...version,
      thread,
      is_synchronized: true,
      synchronized_version: version.version,
      position: first + index,
    }
  })
  await insertMessages(transaction, messages)
  const replies = messages.flatMap(({ uid, thread }) => (thread === null ? [] : [{ uid, thread }]))
  for (const { uid, thread } of replies) {
    // Replies to it that were read before it took its uid for that of their thread.
    await transaction.updateTable('messages').set({ thread }).where('thread', '=', uid).execute()
  }
  await movePositions(transaction, messages.flatMap(targetOf))
}

async function findIds(
  transaction: Transaction<Schema>,
  recorded: readonly RecordedVersion[],
): Promise<Map<string, number>> {
  const uids = jsonValues([...new Set(recorded.map(({ uid }) => uid))])
  const rows = await transaction
    .selectFrom('messages')
    .select(['uid', 'id'])
    .where('uid', 'in', uids)
    .execute()
  return new Map(rows.map(({ uid, id }) => [uid, id]))
}

/** Returns a function that gives the preferred id if it is free, and otherwise the one after the highest ever given. */
async function createIdAllocator(
  transaction: Transaction<Schema>,
  recorded: readonly RecordedVersion[],
): Promise<(preferred: number | undefined) => number> {
  const preferredIds = recorded.flatMap(({ preferred_id }) => (isUsable(preferred_id) ? [preferred_id] : []))
  const rows = await transaction
    .selectFrom('messages')
    .select('id')
    .where('id', 'in', jsonValues(preferredIds))
    .execute()
  const takenIds = new Set(rows.map(({ id }) => id))
  let highest = await highestId(transaction)

  return (preferred) => {
    const id = isUsable(preferred) && !takenIds.has(preferred) ? preferred : highest + 1
    takenIds.add(id)
    highest = Math.max(highest, id)
    return id
  }
}

const isUsable = (id: number | undefined): id is number =>
  Number.isSafeInteger(id) && (id as number) > 0 && (id as number) <= MAX_PREFERRED_ID
