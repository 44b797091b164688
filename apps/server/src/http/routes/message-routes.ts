import type { Engine, MessageInput } from '@gitmsg/core'
import type Router from '@koa/router'
import { HttpProblem } from '../http-problem.js'
import { readJson } from '../read-json.js'
import { toApiMessage } from './api-message.js'
import { parseListQuery } from './list-query.js'
import { nextPageLink } from './next-page-link.js'

const MESSAGE_ID = /^[1-9]\d{0,14}$/
const MESSAGE_UID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The calls on messages. `onPosted` is told of each that was stored. */
export function addMessageRoutes(router: Router, engine: Engine, onPosted: () => void): void {
  router.post('/messages', readJson, async (context) => {
    const idempotencyKey = context.headers['idempotency-key'] as string | undefined
    const message = await engine.post(context.state.json as MessageInput, { idempotencyKey })
    onPosted()
    context.status = 201
    context.set('Location', `/messages/${message.id}`)
    context.body = { status: 'success', message_id: message.id }
  })

  router.get('/messages', async (context) => {
    const query = parseListQuery(context.querystring)
    const messages = await engine.list(query)
    const link = await nextPageLink(engine, query, messages)
    if (link) context.set('Link', link)
    context.body = messages.map(toApiMessage)
  })

  router.get('/messages/:key', async (context) => {
    const key = String(context.params.key)
    const isKey = MESSAGE_ID.test(key) || MESSAGE_UID.test(key)
    const message = isKey ? await engine.find(MESSAGE_ID.test(key) ? Number(key) : key) : null
    if (!message) throw new HttpProblem(404, 'not_found', 'There is no such message.')
    context.body = { ...toApiMessage(message), path: message.path, sync: message.sync }
  })
}
