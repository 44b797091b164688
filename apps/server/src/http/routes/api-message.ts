import type { StoredMessage } from '@gitmsg/store'

/** A message as the HTTP API shows it: these fields, in this order. */
export function toApiMessage(message: StoredMessage) {
  const { id, uid, content, sender, timestamp, git_hash, is_synchronized, created_at, updated_at } = message
  return { id, uid, content, sender, timestamp, git_hash, is_synchronized, created_at, updated_at }
}
