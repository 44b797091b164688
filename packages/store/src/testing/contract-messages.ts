import type { ImportedMessage, Store } from '../store.js'
import { newMessage } from './new-message.js'

/** What a settlement that is not about the cursor says of it. */
export const cursor = { commit: 'c9', format: 1 }

/** Stores a message for each uid, in order. */
export const createAll = (store: Store, ...uids: string[]) =>
  Promise.all(uids.map((uid) => store.createMessage(newMessage({ uid }))))

/** Marks the messages with these uids synchronized, all by one commit. */
export const settleAll = (store: Store, ...uids: string[]) =>
  store.settle({ synchronized: uids.map((uid) => ({ uid, git_hash: 'c1' })), cursor })

/** A message of somebody else's, as an importer hands it over. */
export function importedMessage(uid: string, preferredId?: number): ImportedMessage {
  const { path, idempotency, signal, ...fields } = newMessage({ uid, sender: 'eve' })
  const known = { ...fields, path: `messages/${uid}`, origin_id: 7, git_hash: 'c8' }
  return preferredId === undefined ? known : { ...known, preferred_id: preferredId }
}

/** The uids of the pending messages, in the order of their changes. */
export const pendingUids = async (store: Store) =>
  (await store.oldestChanges(1000)).map(({ message }) => message.uid)

/** `created`, or the code of the error, of each call. */
export const outcomesOf = async (calls: readonly Promise<unknown>[]) =>
  (await Promise.allSettled(calls)).map((result) =>
    result.status === 'fulfilled' ? 'created' : result.reason.code,
  )
