import type { FoundMessage, MessageDetails, Reactions } from '@gitmsg/core'
import type { MessageVersion, StoredMessage } from '@gitmsg/store'
import type { ApiResponse } from '../openapi/schemas.js'

/**
 * A message as the HTTP API returns it, its fields in this order: the nine of every message, then those that are not at
 * their default.
 */
export function toApiMessage(
  message: StoredMessage & { readonly reactions?: Reactions },
): ApiResponse<'Message'> {
  const { id, uid, sender, timestamp, git_hash, is_synchronized, created_at, updated_at } = message
  const { version, format, topic, reply_to, thread, updated_by, reactions = {}, deleted_at } = message
  const isDeleted = deleted_at !== null
  const content = isDeleted ? null : message.content
  return {
    ...{ id, uid, content, sender, timestamp, git_hash, is_synchronized, created_at, updated_at },
    ...(version > 1 && { version }),
    ...(format !== 'plain' && { format }),
    ...(topic !== null && { topic }),
    ...(reply_to !== null && { reply_to }),
    ...(thread !== null && { thread }),
    ...(updated_by !== null && { updated_by }),
    ...(Object.keys(reactions).length > 0 && { reactions: reactions as Record<string, string[]> }),
    ...(isDeleted && { deleted: true }),
  }
}

/** The same in full. */
export function toApiDetails(message: MessageDetails): ApiResponse<'MessageDetails'> {
  const { path, position, sync } = message
  return { ...toApiMessage(message), path, position, sync }
}

/** A message that was found, and where it matches. */
export function toApiFound({ message, snippet }: FoundMessage): ApiResponse<'FoundMessages'>[number] {
  return { message: toApiMessage(message), snippet: [...snippet] }
}

/** One version of a message. */
export function toApiVersion(found: MessageVersion): ApiResponse<'MessageVersion'> {
  const { version, content, format, topic, updated_at, updated_by, git_hash, is_synchronized } = found
  return { version, content, format, topic, updated_at, updated_by, git_hash, is_synchronized }
}

/** The entity tag of a message: its version. */
export const toEtag = ({ version }: Pick<StoredMessage, 'version'>): string => `"${version}"`
