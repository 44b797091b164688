import type { Transaction } from 'kysely'
import { highestId, insertMessages, storedUids } from '../messages/insert-messages.js'
import { jsonValues } from '../sqlite/json-values.js'
import type { Schema } from '../sqlite/schema.js'
import type { ImportedMessage, StoredMessage } from '../store.js'

/** An id from outside is not taken beyond this: a hostile one could leave no ids for later messages. */
const highestPreferredId = 2 ** 52

/** Stores messages of others, in the order given. The repository has them, so they get no change. */
export async function importMessages(
  transaction: Transaction<Schema>,
  imported: readonly ImportedMessage[],
): Promise<void> {
  if (imported.length === 0) return
  const taken = await storedUids(
    transaction,
    imported.map(({ uid }) => uid),
  )
  const giveId = await createIdGiver(transaction, imported)
  const messages: StoredMessage[] = []

  for (const { preferred_id, ...message } of imported) {
    if (taken.has(message.uid)) continue
    taken.add(message.uid)
    messages.push(toStored(message, giveId(preferred_id)))
  }
  await insertMessages(transaction, messages)
}

/** Gives the preferred id where it is free, else the one after the highest ever given. */
async function createIdGiver(
  transaction: Transaction<Schema>,
  imported: readonly ImportedMessage[],
): Promise<(preferred: number | undefined) => number> {
  const wanted = imported.flatMap(({ preferred_id }) => (isUsable(preferred_id) ? [preferred_id] : []))
  const rows = await transaction
    .selectFrom('messages')
    .select('id')
    .where('id', 'in', jsonValues(wanted))
    .execute()
  const taken = new Set(rows.map(({ id }) => id))
  let highest = await highestId(transaction)

  return (preferred) => {
    const id = isUsable(preferred) && !taken.has(preferred) ? preferred : highest + 1
    taken.add(id)
    highest = Math.max(highest, id)
    return id
  }
}

const isUsable = (id: number | undefined): id is number =>
  Number.isSafeInteger(id) && (id as number) > 0 && (id as number) <= highestPreferredId

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
