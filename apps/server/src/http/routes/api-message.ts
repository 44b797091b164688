import type { QuarantinedChange, StoredMessage } from '@gitmsg/store'
import type { ApiResponse } from '../openapi/schemas.js'

/** A message as the HTTP API returns it: these fields, in this order. */
export function toApiMessage(message: StoredMessage): ApiResponse<'Message'> {
  const { id, uid, content, sender, timestamp, git_hash, is_synchronized, created_at, updated_at } = message
  return { id, uid, content, sender, timestamp, git_hash, is_synchronized, created_at, updated_at }
}

/** A quarantined change as the HTTP API and `gitmsg quarantine list --json` return it. */
export function toApiQuarantined({ sequence, reason, quarantined_at, message }: QuarantinedChange) {
  return { sequence, reason, quarantined_at, message: toApiMessage(message) }
}
