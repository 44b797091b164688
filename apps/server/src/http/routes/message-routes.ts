import type { Engine, MessageInput } from '@gitmsg/core'
import type { Store } from '@gitmsg/store'
import type { Router, RouterContext } from '@koa/router'
import { problem } from '../errors.js'
import { sendJsonArray } from '../json-array.js'
import {
  type AssertCapacity,
  rejectWhileDraining,
  rejectWhileFull,
} from '../middleware/guards/capacity-guard.js'
import { bindSender, type RequireScope } from '../middleware/guards/token-guard.js'
import { readJson } from '../middleware/read-json.js'
import type { ApiResponse } from '../openapi/schemas.js'
import { createResponseCache } from '../response-cache.js'
import { isCacheablePage, type MessagePage, readMessagePage, toApiMessage } from './message-page.js'

const MESSAGE_ID = /^[1-9]\d{0,14}$/
const MESSAGE_UID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export interface MessageDependencies {
  readonly engine: Engine
  readonly store: Pick<Store, 'revision'>
  readonly requireScope: RequireScope
  /** True once a shutdown has started. */
  readonly isDraining: () => boolean
  readonly assertCapacity: AssertCapacity
  /** Called after each message that was stored. */
  readonly onPosted: () => void
}

/** The endpoints for messages. */
export function addMessageRoutes(router: Router, dependencies: MessageDependencies): void {
  const { engine, store, requireScope, isDraining, assertCapacity, onPosted } = dependencies
  const cachedPage = createResponseCache<MessagePage>(store, isCacheablePage)

  router.post(
    '/messages',
    requireScope('write'),
    rejectWhileDraining(isDraining),
    rejectWhileFull(assertCapacity),
    readJson,
    bindSender,
    postMessage,
  )
  router.get('/messages', requireScope('read'), listMessages)
  router.get('/messages/:key', requireScope('read'), getMessage)

  async function postMessage(context: RouterContext): Promise<void> {
    const idempotencyKey = context.headers['idempotency-key'] as string | undefined
    const message = await engine.post(context.request.body as MessageInput, { idempotencyKey })
    onPosted()
    context.status = 201
    context.set('Location', locationOf(message.id, context.path))
    context.body = { status: 'success', message_id: message.id } satisfies ApiResponse<'PostedMessage'>
  }

  async function listMessages(context: RouterContext): Promise<void> {
    const { querystring } = context
    const { link, json } = await cachedPage(querystring, () => readMessagePage(engine, querystring))
    if (link) context.set('Link', link)
    sendJsonArray(context, json)
  }

  async function getMessage(context: RouterContext): Promise<void> {
    const message = await findMessage(String(context.params.key))
    if (!message) throw problem('not_found', { message: 'There is no message with this id or uid.' })
    const { path, sync } = message
    context.body = { ...toApiMessage(message), path, sync } satisfies ApiResponse<'MessageDetails'>
  }

  async function findMessage(key: string) {
    if (MESSAGE_ID.test(key)) return engine.find(Number(key))
    return MESSAGE_UID.test(key) ? engine.find(key) : null
  }
}

/** The URL of a message relative to that of the list, because a proxy may serve this server under a path. */
const locationOf = (id: number, listPath: string) => (listPath.endsWith('/') ? `${id}` : `messages/${id}`)
