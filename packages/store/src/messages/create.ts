import type { Transaction } from 'kysely'
import { checkName, checkNewMessage } from '../arguments.js'
import { type Clock, toTime } from '../clock.js'
import type { Database } from '../sqlite/database.js'
import type { Schema } from '../sqlite/schema.js'
import type { CreatedMessage, NewMessage, Store, StoredMessage } from '../store.js'
import { StoreError } from '../store-error.js'
import { type FirstUse, readFirstUses, saveFirstUses } from './idempotency-keys.js'
import { highestId, insertMessages, storedUids } from './insert.js'
import { createWriteGroup, type Outcome } from './write-group.js'

const MAX_MESSAGES_PER_TRANSACTION = 1_000

/** @see {@link Store.createMessage} */
export function createMessageWriter(database: Database, clock: Clock): Store['createMessage'] {
  const addToGroup = createWriteGroup<NewMessage, CreatedMessage>({
    limit: MAX_MESSAGES_PER_TRANSACTION,
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
  const created: StoredMessage[] = []
  const newUses = new Map<string, FirstUse>()
  const firstId = (await highestId(transaction)) + 1

  function createOne(message: NewMessage): CreatedMessage {
    const { uid, idempotency, signal } = message
    if (signal?.aborted) throw new StoreError('aborted', 'aborted by the signal')
    const earlier = idempotency && (newUses.get(idempotency.key) ?? earlierUses.get(idempotency.key))
    if (earlier) return { message: messageOf(earlier, idempotency.fingerprint), created: false }
    if (takenUids.has(uid)) throw new StoreError('duplicate-uid', 'a message with this uid already exists')

    const stored = withId(message, firstId + created.length)
    created.push(stored)
    takenUids.add(uid)
    if (idempotency) newUses.set(idempotency.key, { fingerprint: idempotency.fingerprint, message: stored })
    return { message: stored, created: true }
  }
  const outcomes = messages.map((message) => outcomeOf(() => createOne(message)))

  if (created.length > 0) {
    await insertMessages(transaction, created)
    await insertChanges(transaction, created, toTime(now))
  }
  await saveFirstUses(transaction, newUses, now)
  return outcomes
}

function messageOf({ fingerprint, message }: FirstUse, expectedFingerprint: string): StoredMessage {
  if (fingerprint === expectedFingerprint) return message
  throw new StoreError('idempotency-key-reused', 'the idempotency key was used with another fingerprint')
}

function withId(message: NewMessage, id: number): StoredMessage {
  const { uid, content, sender, timestamp, created_at, updated_at } = message
  const path = pathOf(message, id)
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
    path,
    origin_id: id,
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
  const rows = messages.map(({ id }) => ({ message_id: id, created_at: createdAt }))
  await transaction.insertInto('outbox').values(rows).execute()
}

function outcomeOf<Result>(create: () => Result): Outcome<Result> {
  try {
    return { result: create() }
  } catch (error) {
    if (error instanceof StoreError) return { error }
    return { error: new StoreError('invalid-argument', 'path must not throw', { cause: error }) }
  }
}
