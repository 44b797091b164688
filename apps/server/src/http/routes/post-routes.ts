import type { MessageInput } from '@gitmsg/core'
import type { Router, RouterContext } from '@koa/router'
import { idempotencyKeyOf } from '../idempotency-key.js'
import {
  type AssertCapacity,
  rejectWhileDraining,
  rejectWhileFull,
} from '../middleware/guards/capacity-guard.js'
import { bindSender, type RequireScope } from '../middleware/guards/token-guard.js'
import { readJson } from '../middleware/read-json.js'
import type { ApiResponse } from '../openapi/schemas.js'
import type { PostMessage } from '../posting/post-message.js'

export interface PostDependencies {
  readonly post: PostMessage
  /** Whether a sender looks like the handle of an account. */
  readonly isReserved: (sender: string) => Promise<boolean>
  readonly requireScope: RequireScope
  /** True once a shutdown has started. */
  readonly isDraining: () => boolean
  readonly assertCapacity: AssertCapacity
  /** Called after each message that was stored. */
  readonly onPosted: () => void
}

/** The endpoint that posts messages. */
export function addPostRoutes(router: Router, dependencies: PostDependencies): void {
  const { post, isReserved, requireScope, isDraining, assertCapacity, onPosted } = dependencies

  router.post(
    '/messages',
    requireScope('write'),
    rejectWhileDraining(isDraining),
    rejectWhileFull(assertCapacity),
    readJson,
    bindSender(isReserved),
    postMessage,
  )

  async function postMessage(context: RouterContext): Promise<void> {
    const idempotencyKey = idempotencyKeyOf(context)
    const { message, heldId } = await post(context, context.request.body as MessageInput, idempotencyKey)
    if (!message) {
      context.status = 202
      context.body = { status: 'held', held_id: heldId } satisfies ApiResponse<'HeldMessage'>
      return
    }
    onPosted()
    context.status = 201
    context.set('Location', locationOf(message.id, context.path))
    context.body = { status: 'success', message_id: message.id } satisfies ApiResponse<'PostedMessage'>
  }
}

/** The URL of a message relative to that of the list, because a proxy may serve this server under a path. */
const locationOf = (id: number, listPath: string) => (listPath.endsWith('/') ? `${id}` : `messages/${id}`)
