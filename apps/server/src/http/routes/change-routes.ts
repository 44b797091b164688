import type { Engine, MessageChanges } from '@gitmsg/core'
import type { Store, StoredMessage } from '@gitmsg/store'
import type { Router, RouterContext } from '@koa/router'
import { problem } from '../errors.js'
import { idempotencyKeyOf } from '../idempotency-key.js'
import { expectedVersionOf } from '../if-match.js'
import {
  type AssertCapacity,
  rejectWhileDraining,
  rejectWhileFull,
} from '../middleware/guards/capacity-guard.js'
import { assertMayChange, moderatorOf, type RequireScope } from '../middleware/guards/token-guard.js'
import { readJson } from '../middleware/read-json.js'
import type { ApiResponse } from '../openapi/schemas.js'
import type { ChangeRules } from '../posting/change-rules.js'
import { toApiDetails, toEtag } from './api-message.js'
import { keyOf, noSuchMessage } from './message-key.js'

export interface ChangeDependencies {
  readonly engine: Engine
  readonly store: Pick<Store, 'findMessage'>
  readonly requireScope: RequireScope
  /** True once a shutdown has started. */
  readonly isDraining: () => boolean
  readonly assertCapacity: AssertCapacity
  /** What accounts are asked; `null`: there are none. */
  readonly changeRules: ChangeRules | null
  /** Called after each edit that succeeded. */
  readonly onEdited: () => void
  /** Called after each deletion that succeeded. */
  readonly onDeleted: () => void
}

/** The endpoints that edit and delete messages. */
export function addChangeRoutes(router: Router, dependencies: ChangeDependencies): void {
  const { engine, store, requireScope, isDraining, assertCapacity } = dependencies
  const { changeRules, onEdited, onDeleted } = dependencies
  const guards = [
    requireScope('write', 'moderate'),
    rejectWhileDraining(isDraining),
    rejectWhileFull(assertCapacity),
  ]

  router.patch('/messages/:key', ...guards, guardSender, rejectDeleted, readJson, editMessage)
  router.delete('/messages/:key', ...guards, guardSender, deleteMessage)

  /** A message's sender never changes, so what is found here still holds when the message is changed. */
  async function guardSender(context: RouterContext, next: () => Promise<void>): Promise<void> {
    await assertMayChange(context, () => findMessage(context))
    changeRules?.admit(context)
    return next()
  }

  /** Before anything else is wrong with the request: nothing can make it right. */
  async function rejectDeleted(context: RouterContext, next: () => Promise<void>): Promise<void> {
    if ((await findMessage(context)).deleted_at !== null) throw problem('deleted')
    return next()
  }

  async function findMessage(context: RouterContext): Promise<StoredMessage> {
    const message = await store.findMessage(keyOf(context))
    if (!message) throw noSuchMessage()
    return message
  }

  async function editMessage(context: RouterContext): Promise<void> {
    const idempotencyKey = idempotencyKeyOf(context)
    changeRules?.assertNotHeld(context, context.request.body)
    const edited = await engine.edit(keyOf(context), context.request.body as MessageChanges, {
      idempotencyKey,
      expectedVersion: expectedVersionOf(context),
      updatedBy: moderatorOf(context),
    })
    if (!edited) throw noSuchMessage()
    await changeRules?.recordChange(context, { action: 'message.edit', message: edited })
    onEdited()
    context.set('ETag', toEtag(edited))
    context.body = toApiDetails(edited) satisfies ApiResponse<'MessageDetails'>
  }

  async function deleteMessage(context: RouterContext): Promise<void> {
    const removed = await engine.remove(keyOf(context), {
      expectedVersion: expectedVersionOf(context),
      updatedBy: moderatorOf(context),
    })
    if (!removed) throw noSuchMessage()
    await changeRules?.recordChange(context, { action: 'message.delete', message: removed })
    onDeleted()
    context.status = 204
  }
}
