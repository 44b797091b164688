import type { Transaction } from 'kysely'
import { checkName } from '../arguments.js'
import { toTime } from '../clock.js'
import type { Schema } from '../sqlite/schema.js'
import type { CreatedMessage, NewMessage, StoredMessage } from '../store.js'
import { StoreError } from '../store-error.js'
import { type FirstUse, recallKeys, rememberKeys } from './idempotency-keys.js'
import { highestId, insertMessages, storedUids } from './insert-messages.js'
import type { Outcome } from './write-group.js'

/**
 * Stores a group of messages with their changes and idempotency keys, in the order given. One that cannot be
 * stored has its own error and leaves no gap in the ids; the others are not touched by it.
 */
export async function createMessages(
  transaction: Transaction<Schema>,
  messages: readonly NewMessage[],
  now: number,
): Promise<Outcome<CreatedMessage>[]> {
  const keys = messages.flatMap(({ idempotency }) => (idempotency ? [idempotency.key] : []))
  const remembered = await recallKeys(transaction, keys)
  const taken = await storedUids(
    transaction,
    messages.map(({ uid }) => uid),
  )
  const created: StoredMessage[] = []
  const firstUses = new Map<string, FirstUse>()
  const firstId = (await highestId(transaction)) + 1

  const decide = (message: NewMessage): CreatedMessage => {
    const { uid, idempotency, signal } = message
    if (signal?.aborted) throw new StoreError('aborted', 'the call was ended by its signal')
    const earlier = idempotency && (firstUses.get(idempotency.key) ?? remembered.get(idempotency.key))
    if (earlier) return { message: repeat(earlier, idempotency.fingerprint), created: false }
    if (taken.has(uid)) throw new StoreError('duplicate-uid', 'a message with this uid is stored already')

    const stored = withId(message, firstId + created.length)
    created.push(stored)
    taken.add(uid)
    if (idempotency) firstUses.set(idempotency.key, { fingerprint: idempotency.fingerprint, message: stored })
    return { message: stored, created: true }
  }
  const outcomes = messages.map((message) => outcomeOf(() => decide(message)))

  if (created.length > 0) {
    await insertMessages(transaction, created)
    await insertChanges(transaction, created, toTime(now))
  }
  await rememberKeys(transaction, firstUses, now)
  return outcomes
}

function repeat({ fingerprint, message }: FirstUse, expected: string): StoredMessage {
  if (fingerprint === expected) return message
  throw new StoreError('idempotency-key-reused', 'the idempotency key was used for something else')
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

function outcomeOf<Result>(decide: () => Result): Outcome<Result> {
  try {
    return { result: decide() }
  } catch (error) {
    if (error instanceof StoreError) return { error }
    return { error: new StoreError('invalid-argument', 'path must not throw', { cause: error }) }
  }
}
