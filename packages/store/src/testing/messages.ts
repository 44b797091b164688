import { randomUUID } from 'node:crypto'
import type { ImportedMessage, NewMessage, Store } from '../store.js'

/** Returns a valid message with a new uid. Give the fields that matter to the test. */
export function newMessage(overrides: Partial<NewMessage> = {}): NewMessage {
  const uid = overrides.uid ?? randomUUID()
  const timestamp = overrides.timestamp ?? new Date().toISOString()
  return {
    uid,
    content: 'hello',
    sender: 'ada',
    timestamp,
    created_at: timestamp,
    updated_at: timestamp,
    path: (id) => `messages/${id}/${uid}.json`,
    ...overrides,
  }
}

/** A message of another server, as an importer passes it on. */
export function importedMessage(uid: string, preferredId?: number): ImportedMessage {
  const { path, idempotency, signal, ...fields } = newMessage({ uid, sender: 'eve' })
  const message = { ...fields, path: `messages/${uid}`, origin_id: 7, git_hash: 'c8' }
  return preferredId === undefined ? message : { ...message, preferred_id: preferredId }
}

/** The cursor of settlements in tests that are not about the cursor. */
export const CURSOR = { commit: 'c9', format: 1 }

/** Creates a message for each uid, in order. */
export const createAll = (store: Store, ...uids: string[]) =>
  Promise.all(uids.map((uid) => store.createMessage(newMessage({ uid }))))

/** Marks the messages with these uids as synchronized, all by one commit. */
export const settleAll = (store: Store, ...uids: string[]) =>
  store.settle({ synchronized: uids.map((uid) => ({ uid, git_hash: 'c1' })), cursor: CURSOR })

/** The uids of the pending messages, in the order of their changes. */
export const pendingUids = async (store: Store) =>
  (await store.oldestChanges(1000)).map(({ message }) => message.uid)

/** For each call: `created`, or the code of its error. */
export const outcomesOf = async (calls: readonly Promise<unknown>[]) =>
  (await Promise.allSettled(calls)).map((result) =>
    result.status === 'fulfilled' ? 'created' : result.reason.code,
  )

/** The time `count` minutes after the beginning of a day. */
export const minute = (count: number) => new Date(Date.UTC(2025, 0, 9, 0, count)).toISOString()

/** Ids 1 to 60, from ada and bob in turn, one a minute; the even ones up to 20 are synchronized. */
export async function createSixty(store: Store): Promise<void> {
  const messages = Array.from({ length: 60 }, (_, index) =>
    newMessage({ uid: `u${index + 1}`, sender: index % 2 ? 'bob' : 'ada', timestamp: minute(index + 1) }),
  )
  await Promise.all(messages.map((message) => store.createMessage(message)))
  await settleAll(store, ...Array.from({ length: 10 }, (_, index) => `u${2 * index + 2}`))
}
