import type { Engine } from '@gitmsg/core'
import type Router from '@koa/router'
import { toApiMessage } from './api-message.js'
import { parseListQuery } from './list-query.js'

/** The calls on the synchronization. */
export function addSyncRoutes(router: Router, engine: Engine): void {
  router.get('/sync', async (context) => {
    context.body = await engine.status()
  })

  router.post('/sync', async (context) => {
    context.body = await engine.sync()
  })

  router.get('/sync/quarantined', async (context) => {
    const changes = await engine.quarantined(parseListQuery(context.querystring))
    context.body = changes.map(({ sequence, message, reason, quarantined_at }) => ({
      sequence,
      reason,
      quarantined_at,
      message: toApiMessage(message),
    }))
  })
}
