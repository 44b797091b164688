import type { Transaction } from 'kysely'
import { highestId, insertMessages, storedUids } from '../messages/insert.js'
import { jsonValues } from '../sqlite/query-helpers.js'
import type { Schema } from '../sqlite/schema.js'
import type { ImportedMessage, StoredMessage } from '../store.js'

/** A higher preferred id is ignored: a hostile repository could otherwise leave no ids for later messages. */
const MAX_PREFERRED_ID = 2 ** 52

/** Stores messages read from the repository, in the given order. They get no change, because it has them. */
export async function importMessages(
  transaction: Transaction<Schema>,
  imported: readonly ImportedMessage[],
): Promise<void> {
  if (imported.length === 0) return
  const takenUids = await storedUids(
    transaction,
    imported.map(({ uid }) => uid),
  )
  const allocateId = await createIdAllocator(transaction, imported)
  const messages: StoredMessage[] = []

  for (const { preferred_id, ...message } of imported) {
    if (takenUids.has(message.uid)) continue
    takenUids.add(message.uid)
    messages.push(toStored(message, allocateId(preferred_id)))
  }
  await insertMessages(transaction, messages)
}

/** Returns a function that gives the preferred id if it is free, and otherwise the one after the highest ever given. */
async function createIdAllocator(
  transaction: Transaction<Schema>,
  imported: readonly ImportedMessage[],
): Promise<(preferred: number | undefined) => number> {
  const preferredIds = imported.flatMap(({ preferred_id }) => (isUsable(preferred_id) ? [preferred_id] : []))
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

function toStored(message: Omit<ImportedMessage, 'preferred_id'>, id: number): StoredMessage {
  const { uid, content, sender, timestamp, git_hash, created_at, updated_at, path, origin_id } = message
  return {
    id,
    uid,
    content,
    sender,
    timestamp,
    git_hash,
    is_synchronized: true,
    created_at,
    updated_at,
    path,
    origin_id,
  }
}
