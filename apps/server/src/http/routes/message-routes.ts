import type { Engine, MessageInput } from '@gitmsg/core'
import type { Store } from '@gitmsg/store'
import type Router from '@koa/router'
import { bindSender } from '../../access/bind-sender.js'
import type { RequireScope } from '../middleware/guards/require-scope.js'
import { HttpProblem } from '../http-problem.js'
import { answerJsonArray } from '../json-array.js'
import { createKeptAnswers } from '../response-cache.js'
import { readJson } from '../middleware/read-json.js'
import type { AssertRoom } from '../middleware/guards/capacity-guard.js'
import { toApiMessage } from './api-message.js'
import { isShort, type PageAnswer, readPageAnswer } from './message-page.js'
import { refuseWhile, refuseWithoutRoom } from './refuse-while.js'

const MESSAGE_ID = /^[1-9]\d{0,14}$/
const MESSAGE_UID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export interface MessageDependencies {
  readonly engine: Engine
  readonly store: Pick<Store, 'revision'>
  readonly requireScope: RequireScope
  /** True once a shutdown has begun. */
  readonly isDraining: () => boolean
  readonly assertRoom: AssertRoom
  /** Told of each message that was stored. */
  readonly onPosted: () => void
}

/** The calls on messages. */
export function addMessageRoutes(
  router: Router,
  { engine, store, requireScope, isDraining, assertRoom, onPosted }: MessageDependencies,
): void {
  const read = requireScope('read')
  const keptPages = createKeptAnswers<PageAnswer>(store, isShort)

  router.post(
    '/messages',
    requireScope('write'),
    refuseWhile(isDraining),
    refuseWithoutRoom(assertRoom),
    readJson,
    bindSender,
    async (context) => {
      const idempotencyKey = context.headers['idempotency-key'] as string | undefined
      const message = await engine.post(context.state.json as MessageInput, { idempotencyKey })
      onPosted()
      context.status = 201
      context.set('Location', `/messages/${message.id}`)
      context.body = { status: 'success', message_id: message.id }
    },
  )

  router.get('/messages', read, async (context) => {
    const { querystring } = context
    const { link, json } = await keptPages(querystring, () => readPageAnswer(engine, querystring))
    if (link) context.set('Link', link)
    answerJsonArray(context, json)
  })

  router.get('/messages/:key', read, async (context) => {
    const key = String(context.params.key)
    const isKey = MESSAGE_ID.test(key) || MESSAGE_UID.test(key)
    const message = isKey ? await engine.find(MESSAGE_ID.test(key) ? Number(key) : key) : null
    if (!message) throw new HttpProblem(404, 'not_found', 'There is no such message.')
    context.body = { ...toApiMessage(message), path: message.path, sync: message.sync }
  })
}
