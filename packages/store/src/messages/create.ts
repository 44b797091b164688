import { sql, type Transaction } from 'kysely'
import { checkName, checkNewMessage } from '../arguments.js'
import { type Clock, toTime } from '../clock.js'
import type { Database } from '../sqlite/database.js'
import { jsonValues } from '../sqlite/query-helpers.js'
import { NEW_RANK, type Schema } from '../sqlite/schema.js'
import { createWriteGroup, type Outcome } from '../sqlite/write-group.js'
import type { Store } from '../store.js'
import { StoreError } from '../store-error.js'
import type { CreatedMessage, NewMessage, Reaction, StoredMessage } from '../stored-message.js'
import { assertSameRequest, type FirstUse, readFirstUses, saveFirstUses } from './idempotency-keys.js'
import { highestId, insertMessages, storedUids } from './insert.js'
import { allocatePositions, movePositions, readPosition } from './positions.js'
import {
  findParents,
  findSameReactions,
  type Parent,
  placeOf,
  type ReplyPlace,
  reactionKey,
  targetOf,
} from './replies.js'

/** In characters, about: some ten milliseconds, between which others have their turn. */
const MAX_TRANSACTION_SIZE = 100_000
/** Of a message without text. */
const MESSAGE_SIZE = 100

/** @see {@link Store.createMessage} */
export function createMessageWriter(database: Database, clock: Clock): Store['createMessage'] {
  const addToGroup = createWriteGroup<NewMessage, CreatedMessage>({
    limit: MAX_TRANSACTION_SIZE,
    sizeOf: ({ content }) => MESSAGE_SIZE + content.length,
    write: (messages) => database.write((transaction) => createMessages(transaction, messages, clock())),
  })

  return async (message) => {
    checkNewMessage(message)
    return addToGroup(message)
  }
}

/**
 * Stores a group of messages with their changes and idempotency keys, in the given order. A message that cannot be
 * stored fails with its own error, leaves no gap in the ids, and does not affect the rest of the group.
 */
async function createMessages(
  transaction: Transaction<Schema>,
  messages: readonly NewMessage[],
  now: number,
): Promise<Outcome<CreatedMessage>[]> {
  const keys = messages.flatMap(({ idempotency }) => (idempotency ? [idempotency.key] : []))
  const earlierUses = await readFirstUses(transaction, keys)
  const takenUids = await storedUids(
    transaction,
    messages.map(({ uid }) => uid),
  )
  const parents = await findParents(
    transaction,
    messages.flatMap(({ reply_to }) => reply_to ?? []),
  )
  const reactions = await findSameReactions(
    transaction,
    messages.flatMap((message) => toReaction(message, parents)),
  )
  const created: StoredMessage[] = []
  const newUses = new Map<string, FirstUse>()
  const firstId = (await highestId(transaction)) + 1
  const firstPosition = (await readPosition(transaction)) + 1

  function createOne(message: NewMessage): CreatedMessage {
    const { uid, idempotency, signal } = message
    if (signal?.aborted) throw new StoreError('aborted', 'aborted by the signal')
    const earlier = idempotency && (newUses.get(idempotency.key) ?? earlierUses.get(idempotency.key))
    if (earlier) {
      const isSameCall = earlier.version === null
      assertSameRequest(earlier, { fingerprint: idempotency.fingerprint, isSameCall })
      return { message: earlier.message, created: false }
    }
    if (takenUids.has(uid)) throw new StoreError('duplicate-uid', 'a message with this uid already exists')

    const place = placeOf(message, parents)
    const [reaction] = toReaction(message, parents)
    const same = reaction && reactions.get(reactionKey(reaction))
    const index = created.length
    const stored = same ?? toStored(message, { id: firstId + index, position: firstPosition + index, place })
    if (idempotency) {
      const { key, fingerprint } = idempotency
      newUses.set(key, { fingerprint, message: stored, version: null })
    }
    if (same) return { message: same, created: false }
    if (reaction) reactions.set(reactionKey(reaction), stored)
    created.push(stored)
    parents.set(uid, stored).set(stored.id, stored)
    takenUids.add(uid)
    return { message: stored, created: true }
  }
  const outcomes = messages.map((message) => outcomeOf(() => createOne(message)))

  if (created.length > 0) {
    await allocatePositions(transaction, created.length)
    await insertMessages(transaction, created)
    await insertChanges(transaction, created, toTime(now))
    await movePositions(transaction, created.flatMap(targetOf))
  }
  await saveFirstUses(transaction, newUses, now)
  return outcomes
}

/** The reaction that a message is, if it is one to a message that is stored. */
function toReaction(message: NewMessage, parents: ReadonlyMap<number | string, Parent>): Reaction[] {
  const { format, content, sender, reply_to } = message
  const parent = format === 'reaction' && reply_to !== undefined ? parents.get(reply_to) : undefined
  return parent ? [{ reply_to: parent.uid, content, sender }] : []
}

function toStored(
  message: NewMessage,
  { id, position, place }: { id: number; position: number; place: ReplyPlace },
): StoredMessage {
  const { uid, content, sender, timestamp, created_at, updated_at, format = 'plain' } = message
  return {
    id,
    uid,
    content,
    sender,
    timestamp,
    git_hash: null,
    is_synchronized: false,
    created_at,
    updated_at,
    path: pathOf(message, id),
    origin_id: id,
    version: 1,
    format,
    topic: place.topic,
    reply_to: place.reply_to,
    thread: place.thread,
    deleted_at: null,
    updated_by: null,
    synchronized_version: null,
    position,
  }
}

function pathOf(message: NewMessage, id: number): string {
  const path = message.path(id)
  checkName('path', path)
  return path
}

async function insertChanges(
  transaction: Transaction<Schema>,
  messages: readonly StoredMessage[],
  createdAt: string,
): Promise<void> {
  const ids = jsonValues(messages.map(({ id }) => id))
  await sql`
    insert into outbox (message_id, version, rank, created_at) select value, 1, ${NEW_RANK}, ${createdAt} from ${ids}
  `.execute(transaction)
}

/** Runs a step of a group, whose failure must not affect the others. */
function outcomeOf<Result>(create: () => Result): Outcome<Result> {
  try {
    return { result: create() }
  } catch (error) {
    if (error instanceof StoreError) return { error }
    return { error: new StoreError('invalid-argument', 'path must not throw', { cause: error }) }
  }
}
