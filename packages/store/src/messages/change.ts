import type { Transaction } from 'kysely'
import { checkChange, checkEdit } from '../arguments.js'
import { type Clock, toTime } from '../clock.js'
import { reindexMessage } from '../search-index/writer.js'
import type { Database } from '../sqlite/database.js'
import { NEW_RANK, type Schema } from '../sqlite/schema.js'
import { createWriteGroup, type Outcome } from '../sqlite/write-group.js'
import type { Store } from '../store.js'
import { StoreError } from '../store-error.js'
import type { ChangedMessage, MessageChange, MessageEdit, StoredMessage } from '../stored-message.js'
import { assertSameRequest, readFirstUses, saveFirstUses } from './idempotency-keys.js'
import { kindOf, MESSAGE_COLUMNS, toMessage } from './message-row.js'
import { allocatePositions, movePositions } from './positions.js'
import { targetOf } from './replies.js'
import { keepVersion, toVersionOf } from './versions.js'

/** In characters, about: some ten milliseconds, between which posts have their turn. */
const MAX_TRANSACTION_SIZE = 100_000
/** Without the new text: removing the old one from the search index takes longest. */
const CHANGE_SIZE = 2_500

/** One edit or deletion. */
interface Step {
  readonly size: number
  /** Throws a StoreError only before it writes. */
  run(transaction: Transaction<Schema>, now: number): Promise<ChangedMessage | null>
}

/** Edits and deletions of the same moment share one transaction. A call that fails does not affect the others. */
export function createChangeWriter(
  database: Database,
  clock: Clock,
): Pick<Store, 'editMessage' | 'deleteMessage'> {
  const addToGroup = createWriteGroup<Step, ChangedMessage | null>({
    limit: MAX_TRANSACTION_SIZE,
    sizeOf: ({ size }) => size,
    write: (steps) => database.write((transaction) => runSteps(transaction, steps, clock())),
  })

  return {
    async editMessage(edit) {
      checkEdit(edit)
      return addToGroup({
        size: CHANGE_SIZE + (edit.content?.length ?? 0),
        run: (transaction, now) => editMessage(transaction, edit, now),
      })
    },
    async deleteMessage(deletion) {
      checkChange(deletion)
      return addToGroup({
        size: CHANGE_SIZE,
        run: (transaction, now) => deleteMessage(transaction, deletion, now),
      })
    },
  }
}

async function runSteps(
  transaction: Transaction<Schema>,
  steps: readonly Step[],
  now: number,
): Promise<Outcome<ChangedMessage | null>[]> {
  const outcomes: Outcome<ChangedMessage | null>[] = []
  for (const step of steps) {
    try {
      outcomes.push({ result: await step.run(transaction, now) })
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      outcomes.push({ error })
    }
  }
  return outcomes
}

async function editMessage(
  transaction: Transaction<Schema>,
  edit: MessageEdit,
  now: number,
): Promise<ChangedMessage | null> {
  const message = await findCurrent(transaction, edit)
  if (!message) return null
  if (message.deleted_at !== null) throw new StoreError('deleted', 'the message is deleted')
  const earlier = await findEarlierVersion(transaction, edit, message.id)
  if (earlier !== null) return { message: await toVersionOf(transaction, message, earlier), changed: false }
  if (message.format === 'reaction') throw new StoreError('not-editable', 'a reaction cannot be edited')
  assertExpected(message, edit)

  const { content = message.content, format = message.format, topic = message.topic } = edit
  const isSame = content === message.content && format === message.format && topic === message.topic
  const edited = isSame
    ? message
    : await storeVersion(transaction, message, { ...edit, content, format, topic })
  if (!isSame) await insertChange(transaction, edited, now)
  if (edit.idempotency) {
    const { key, fingerprint } = edit.idempotency
    await saveFirstUses(
      transaction,
      new Map([[key, { fingerprint, message: edited, version: edited.version }]]),
      now,
    )
  }
  return { message: edited, changed: !isSame }
}

async function deleteMessage(
  transaction: Transaction<Schema>,
  deletion: MessageChange,
  now: number,
): Promise<ChangedMessage | null> {
  const message = await findCurrent(transaction, deletion)
  if (!message) return null
  if (message.deleted_at !== null) return { message, changed: false }
  assertExpected(message, deletion)

  await eraseVersions(transaction, message.id)
  const tombstone = await updateCurrent(transaction, message, {
    content: '',
    format: 'plain',
    topic: message.topic,
    updated_at: deletion.updated_at,
    updated_by: deletion.updated_by ?? null,
    deleted_at: deletion.updated_at,
  })
  await insertChange(transaction, tombstone, now)
  await movePositions(transaction, targetOf(message))
  return { message: tombstone, changed: true }
}

/** Erases the earlier versions of a message, and the changes of all: none of them will be published any more. */
export async function eraseVersions(transaction: Transaction<Schema>, messageId: number): Promise<void> {
  await transaction.deleteFrom('outbox').where('message_id', '=', messageId).execute()
  await transaction.deleteFrom('versions').where('message_id', '=', messageId).execute()
}

async function findCurrent(
  transaction: Transaction<Schema>,
  { key, signal }: MessageChange,
): Promise<StoredMessage | null> {
  if (signal?.aborted) throw new StoreError('aborted', 'aborted by the signal')
  const row = await transaction
    .selectFrom('messages')
    .select(MESSAGE_COLUMNS)
    .where(typeof key === 'number' ? 'id' : 'uid', '=', key)
    .executeTakeFirst()
  return row ? toMessage(row) : null
}

/** The version that the first call with this key resulted in; `null` if this is the first call. */
async function findEarlierVersion(
  transaction: Transaction<Schema>,
  { idempotency }: MessageEdit,
  messageId: number,
): Promise<number | null> {
  if (!idempotency) return null
  const earlier = (await readFirstUses(transaction, [idempotency.key])).get(idempotency.key)
  if (!earlier) return null
  const isSameCall = earlier.version !== null && earlier.message.id === messageId
  assertSameRequest(earlier, { fingerprint: idempotency.fingerprint, isSameCall })
  return earlier.version
}

function assertExpected({ version }: StoredMessage, { expected_version }: MessageChange): void {
  if (expected_version === undefined || expected_version === version) return
  throw new StoreError('version-conflict', 'the current version is not the expected one')
}

async function storeVersion(
  transaction: Transaction<Schema>,
  message: StoredMessage,
  {
    content,
    format,
    topic,
    updated_at,
    updated_by = null,
  }: Required<Pick<StoredMessage, 'content' | 'format' | 'topic'>> & MessageChange,
): Promise<StoredMessage> {
  await keepVersion(transaction, message.id)
  return updateCurrent(transaction, message, {
    content,
    format,
    topic,
    updated_at,
    updated_by,
    deleted_at: null,
  })
}

type NewVersion = Pick<
  StoredMessage,
  'content' | 'format' | 'topic' | 'updated_at' | 'updated_by' | 'deleted_at'
>

/** Makes the next version the current one; no repository has it yet. */
async function updateCurrent(
  transaction: Transaction<Schema>,
  message: StoredMessage,
  next: NewVersion,
): Promise<StoredMessage> {
  const changed = {
    ...next,
    version: message.version + 1,
    git_hash: null,
    position: await allocatePositions(transaction, 1),
  }
  await transaction
    .updateTable('messages')
    .set({ ...changed, kind: kindOf(changed), is_synchronized: 0, synchronized_position: null })
    .where('id', '=', message.id)
    .execute()
  await reindexMessage(transaction, message, next)
  return { ...message, ...changed, is_synchronized: false }
}

async function insertChange(
  transaction: Transaction<Schema>,
  { id, version }: StoredMessage,
  now: number,
): Promise<void> {
  await transaction
    .insertInto('outbox')
    .values({ message_id: id, version, rank: NEW_RANK, created_at: toTime(now) })
    .execute()
}
