import { sql } from 'kysely'
import { checkChange, checkEdit } from '../arguments.js'
import { type Clock, toTime } from '../clock.js'
import type { Database, Writer } from '../database/database.js'
import { createWriteGroup, type Outcome } from '../database/write-group.js'
import type { Store } from '../store.js'
import { StoreError } from '../store-error.js'
import type { ChangedMessage, MessageChange, MessageEdit, StoredMessage } from '../stored-message.js'
import { assertSameRequest, readFirstUses, saveFirstUses } from './idempotency-keys.js'
import { kindOf, MESSAGE_COLUMNS, toMessage } from './message-row.js'
import { toChanges } from './new-messages.js'
import { targetOf } from './replies.js'
import { keepVersion, toVersionOf } from './versions.js'

/** Some milliseconds, between which posts have their turn. */
const MAX_CHANGES_PER_TRANSACTION = 100

/** One edit or deletion. Throws a StoreError only before it writes. */
type Step = (writer: Writer, now: number) => Promise<ChangedMessage | null>

/** Edits and deletions of the same moment share one transaction. A call that fails does not affect the others. */
export function createChangeWriter(
  database: Database,
  clock: Clock,
): Pick<Store, 'editMessage' | 'deleteMessage'> {
  const addToGroup = createWriteGroup<Step, ChangedMessage | null>({
    limit: MAX_CHANGES_PER_TRANSACTION,
    write: (steps) => database.write((writer) => runSteps(writer, steps, clock())),
  })

  return {
    async editMessage(edit) {
      checkEdit(edit)
      return addToGroup((writer, now) => editMessage(writer, edit, now))
    },
    async deleteMessage(deletion) {
      checkChange(deletion)
      return addToGroup((writer, now) => deleteMessage(writer, deletion, now))
    },
  }
}

async function runSteps(
  writer: Writer,
  steps: readonly Step[],
  now: number,
): Promise<Outcome<ChangedMessage | null>[]> {
  const outcomes: Outcome<ChangedMessage | null>[] = []
  for (const step of steps) {
    try {
      outcomes.push({ result: await step(writer, now) })
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      outcomes.push({ error })
    }
  }
  return outcomes
}

async function editMessage(writer: Writer, edit: MessageEdit, now: number): Promise<ChangedMessage | null> {
  const message = await findCurrent(writer, edit)
  if (!message) return null
  if (message.deleted_at !== null) throw new StoreError('deleted', 'the message is deleted')
  const earlier = await findEarlierVersion(writer, edit, message.id)
  if (earlier !== null)
    return { message: await toVersionOf(writer.queries, message, earlier), changed: false }
  if (message.format === 'reaction') throw new StoreError('not-editable', 'a reaction cannot be edited')
  assertExpected(message, edit)

  const { content = message.content, format = message.format, topic = message.topic } = edit
  const isSame = content === message.content && format === message.format && topic === message.topic
  const edited = isSame ? message : await storeVersion(writer, message, { ...edit, content, format, topic })
  if (!isSame) await insertChange(writer, edited, now)
  if (edit.idempotency) {
    const { key, fingerprint } = edit.idempotency
    await saveFirstUses(
      writer,
      new Map([[key, { fingerprint, message: edited, version: edited.version }]]),
      now,
    )
  }
  return { message: edited, changed: !isSame }
}

async function deleteMessage(
  writer: Writer,
  deletion: MessageChange,
  now: number,
): Promise<ChangedMessage | null> {
  const message = await findCurrent(writer, deletion)
  if (!message) return null
  if (message.deleted_at !== null) return { message, changed: false }
  assertExpected(message, deletion)

  await eraseVersions(writer, message.id)
  const tombstone = await updateCurrent(writer, message, {
    content: '',
    format: 'plain',
    topic: message.topic,
    updated_at: deletion.updated_at,
    updated_by: deletion.updated_by ?? null,
    deleted_at: deletion.updated_at,
  })
  await insertChange(writer, tombstone, now)
  await writer.positions.move(targetOf(message))
  return { message: tombstone, changed: true }
}

/** Erases the earlier versions of a message, and the changes of all: none of them will be published any more. */
export async function eraseVersions(writer: Writer, messageId: number): Promise<void> {
  await writer.outbox.delete(sql<boolean>`message_id = ${messageId}`)
  await writer.queries.deleteFrom('versions').where('message_id', '=', messageId).execute()
}

async function findCurrent(writer: Writer, { key, signal }: MessageChange): Promise<StoredMessage | null> {
  if (signal?.aborted) throw new StoreError('aborted', 'aborted by the signal')
  const row = await writer.queries
    .selectFrom('messages')
    .select(MESSAGE_COLUMNS)
    .where(typeof key === 'number' ? 'id' : 'uid', '=', key)
    .executeTakeFirst()
  return row ? toMessage(row) : null
}

/** The version that the first call with this key resulted in; `null` if this is the first call. */
async function findEarlierVersion(
  writer: Writer,
  { idempotency }: MessageEdit,
  messageId: number,
): Promise<number | null> {
  if (!idempotency) return null
  const earlier = (await readFirstUses(writer, [idempotency.key])).get(idempotency.key)
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
  writer: Writer,
  message: StoredMessage,
  {
    content,
    format,
    topic,
    updated_at,
    updated_by = null,
  }: Required<Pick<StoredMessage, 'content' | 'format' | 'topic'>> & MessageChange,
): Promise<StoredMessage> {
  await keepVersion(writer, message.id)
  return updateCurrent(writer, message, {
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
  writer: Writer,
  message: StoredMessage,
  next: NewVersion,
): Promise<StoredMessage> {
  const changed = {
    ...next,
    version: message.version + 1,
    git_hash: null,
    position: await writer.positions.allocate(1),
  }
  await writer.messages.update(message, {
    ...changed,
    kind: kindOf(changed),
    is_synchronized: 0,
    synchronized_position: null,
  })
  return { ...message, ...changed, is_synchronized: false }
}

async function insertChange(writer: Writer, message: StoredMessage, now: number): Promise<void> {
  await writer.outbox.insert(toChanges(writer, [message]), { count: 1, createdAt: toTime(now) })
}
