import type { Writer } from '../database/database.js'
import { movePositions } from '../messages/positions.js'
import { findParents } from '../messages/replies.js'
import type { StoredMessage } from '../stored-message.js'
import type { RecordedVersion } from '../synchronization.js'

/** A higher preferred id is ignored: a hostile repository could otherwise leave no ids for later messages. */
const MAX_PREFERRED_ID = 2 ** 52

/** A message that is new here. */
export interface AddedMessage {
  readonly recorded: RecordedVersion
  readonly id: number
  readonly position: number
}

/** Stores messages that are new here, with the thread of the message to which they reply. */
export async function insertRecorded(writer: Writer, added: readonly AddedMessage[]): Promise<void> {
  if (added.length === 0) return
  const parents = new Map<number | string, Pick<StoredMessage, 'thread'>>(
    await findParents(
      writer,
      added.flatMap(({ recorded }) => recorded.reply_to ?? []),
    ),
  )
  const messages = added.map(({ recorded, id, position }): StoredMessage => {
    const { preferred_id, ...version } = recorded
    const { uid, reply_to } = version
    // If the parent is unknown here, its uid is as much of the thread as there is.
    const thread = reply_to === null ? null : (parents.get(reply_to)?.thread ?? reply_to)
    parents.set(uid, { thread })
    return {
      ...version,
      id,
      thread,
      is_synchronized: true,
      synchronized_version: version.version,
      position,
    }
  })
  await writer.messages.insert(messages)
  await adoptReplies(writer, messages)
}

/** Moves replies that came before their parent, and took its uid for that of their thread, into the parent's thread. */
async function adoptReplies(writer: Writer, parents: readonly StoredMessage[]): Promise<void> {
  const { queries, texts } = writer
  const threads = new Map(
    parents.flatMap(({ uid, thread }) => (thread === null ? [] : [[uid, thread] as const])),
  )
  if (threads.size === 0) return
  const orphaned = await queries
    .selectFrom('messages')
    .select('thread')
    .distinct()
    .where('thread', 'in', texts([...threads.keys()]))
    .execute()
  const orphans = new Set(orphaned.map(({ thread }) => thread))
  // In their order: a parent may itself have been waiting for its own.
  for (const [uid, thread] of threads) {
    if (!orphans.has(uid)) continue
    const moved = await queries
      .updateTable('messages')
      .set({ thread })
      .where('thread', '=', uid)
      .returning('uid')
      .execute()
    await movePositions(
      writer,
      moved.map((reply) => reply.uid),
    )
  }
}

/** Returns a function that gives the preferred id if it is free, and otherwise the one after the highest ever given. */
export async function createIdAllocator(
  { queries, numbers, messages }: Writer,
  recorded: readonly RecordedVersion[],
): Promise<(preferred: number | undefined) => number> {
  const preferredIds = recorded.flatMap(({ preferred_id }) => (isUsable(preferred_id) ? [preferred_id] : []))
  const rows = await queries
    .selectFrom('messages')
    .select('id')
    .where('id', 'in', numbers(preferredIds))
    .execute()
  const takenIds = new Set(rows.map(({ id }) => id))
  let highest = await messages.highestId()

  return (preferred) => {
    const id = isUsable(preferred) && !takenIds.has(preferred) ? preferred : highest + 1
    takenIds.add(id)
    highest = Math.max(highest, id)
    return id
  }
}

const isUsable = (id: number | undefined): id is number =>
  Number.isSafeInteger(id) && (id as number) > 0 && (id as number) <= MAX_PREFERRED_ID
