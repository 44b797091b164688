import type { Engine, MessageInput } from '@gitmsg/core'
import type { Router, RouterContext } from '@koa/router'
import {
  type AssertCapacity,
  rejectWhileDraining,
  rejectWhileFull,
} from '../middleware/guards/capacity-guard.js'
import { bindSender, type RequireScope } from '../middleware/guards/token-guard.js'
import { readJson } from '../middleware/read-json.js'
import type { ApiResponse } from '../openapi/schemas.js'

export interface PostDependencies {
  readonly engine: Engine
  readonly requireScope: RequireScope
  /** True once a shutdown has started. */
  readonly isDraining: () => boolean
  readonly assertCapacity: AssertCapacity
  /** Called after each message that was stored. */
  readonly onPosted: () => void
}

/** The endpoint that posts messages. */
export function addPostRoutes(router: Router, dependencies: PostDependencies): void {
  const { engine, requireScope, isDraining, assertCapacity, onPosted } = dependencies

  router.post(
    '/messages',
    requireScope('write'),
    rejectWhileDraining(isDraining),
    rejectWhileFull(assertCapacity),
    readJson,
    bindSender,
    postMessage,
  )

  async function postMessage(context: RouterContext): Promise<void> {
    const idempotencyKey = context.headers['idempotency-key'] as string | undefined
    const message = await engine.post(context.request.body as MessageInput, { idempotencyKey })
    onPosted()
    context.status = 201
    context.set('Location', locationOf(message.id, context.path))
    context.body = { status: 'success', message_id: message.id } satisfies ApiResponse<'PostedMessage'>
  }
}

/** The URL of a message relative to that of the list, because a proxy may serve this server under a path. */
const locationOf = (id: number, listPath: string) => (listPath.endsWith('/') ? `${id}` : `messages/${id}`)
