import type { Store, StoredMessage } from '@gitmsg/store'

/** Where a message is on its way into the repository. */
export type MessageSync =
  | { readonly state: 'pending' | 'synchronized' }
  | { readonly state: 'quarantined'; readonly reason: string }

/** One message with its whereabouts. */
export interface MessageDetails extends StoredMessage {
  /** `quarantined` comes with the reason. */
  readonly sync: MessageSync
}

/** Finds a message by id or uid; `null` where there is none, or where the key can be neither. */
export async function findMessage(store: Store, key: number | string): Promise<MessageDetails | null> {
  if (!canBeKey(key)) return null
  const message = await store.findMessage(key)
  return message && { ...message, sync: await syncOf(store, message) }
}

function canBeKey(key: unknown): boolean {
  if (typeof key === 'number') return Number.isSafeInteger(key) && key > 0
  return typeof key === 'string' && key.isWellFormed()
}

async function syncOf(store: Store, message: StoredMessage): Promise<MessageSync> {
  if (message.is_synchronized) return { state: 'synchronized' }
  const reason = await store.quarantineReason(message.uid)
  return reason === null ? { state: 'pending' } : { state: 'quarantined', reason }
}
