import type { Position, Store, StoredMessage } from '@gitmsg/store'
import { readInParts } from './read-in-parts.js'
import { allDetails, type MessageDetails } from './read-messages.js'

const DEFAULT_LIMIT = 50

/** Part of the feed: messages by position, each as it is now, once, at the place of its last visible change. */
export interface ChangesPage extends Position {
  /** Reactions and tombstones included. */
  readonly messages: MessageDetails[]
}

/**
 * Reads what changed since a place of the feed; `null`: from the beginning. `position` is that of the last message or,
 * without any, the one that was given.
 *
 * @throws {StoreError} `epoch-changed`, `position-ahead`
 */
export async function readChanges(
  store: Store,
  after: Position | null,
  { limit = DEFAULT_LIMIT }: { readonly limit?: number },
): Promise<ChangesPage> {
  const { epoch, position } = after ?? { ...(await store.position()), position: 0 }
  const found = await readInParts<StoredMessage>(store, limit, {
    sizeOf: ({ content }) => content.length,
    readPart: (wanted, last) => store.changedSince({ epoch, position: last?.position ?? position }, wanted),
  })
  return {
    epoch,
    position: found.at(-1)?.position ?? position,
    messages: await allDetails(store, found),
  }
}
