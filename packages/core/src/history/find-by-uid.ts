import type { Store, StoredMessage } from '@gitmsg/store'

/** How many uids the store takes at once. */
const AT_ONCE = 10_000

/** Those of the messages that are stored; a single commit may speak of any number. */
export async function findByUid(
  store: Store,
  uids: readonly string[],
): Promise<ReadonlyMap<string, StoredMessage>> {
  const found = new Map<string, StoredMessage>()
  for (let start = 0; start < uids.length; start += AT_ONCE) {
    for (const message of await store.findMessages(uids.slice(start, start + AT_ONCE))) {
      found.set(message.uid, message)
    }
  }
  return found
}
