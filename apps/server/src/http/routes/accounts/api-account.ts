import type { Account, AuditEntry, HeldPost, Report, Session, Token } from '@gitmsg/accounts'
import type { MessageInput } from '@gitmsg/core'
import type { ApiResponse } from '../../openapi/schemas.js'

/** An account as the HTTP API and the command line return it. */
export function toApiAccount({ handle, kind, role, disabled, created_at }: Account): ApiResponse<'Account'> {
  return { handle, kind, role, disabled, created_at }
}

export function toApiSession({ token, expires_at, account }: Session): ApiResponse<'Session'> {
  return { token, expires_at, account: toApiAccount(account) }
}

/** A token without its secret. */
export function toApiToken(found: Token): ApiResponse<'TokenList'>[number] {
  const { id, handle: account, kind, name, scopes, sender, created_at, used_at, expires_at } = found
  return { id, account, kind, name, scopes: [...scopes], sender, created_at, used_at, expires_at }
}

export function toApiAct(entry: AuditEntry): ApiResponse<'AuditList'>[number] {
  const { number, at, actor, action, target, detail } = entry
  return { number, at, actor, action, target, detail }
}

/** A held post, for moderators. */
export function toApiHeld({
  id,
  handle,
  reason,
  held_at,
  post,
}: HeldPost): ApiResponse<'HeldPostList'>[number] {
  const { content, sender, timestamp, format, topic, reply_to }: MessageInput = JSON.parse(post)
  return {
    ...{ held_id: id, account: handle, reason: reason as 'all', held_at, content, sender },
    ...(timestamp !== undefined && { timestamp }),
    ...(format !== undefined && { format }),
    ...(topic !== undefined && { topic }),
    ...(reply_to !== undefined && { reply_to }),
  }
}

export function toApiReport({ id, subject, handle, reason, created_at }: Report): ApiResponse<'Report'> {
  return { report_id: id, uid: subject, account: handle, reason, created_at }
}
