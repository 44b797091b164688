import type { Engine } from '@gitmsg/core'
import type Router from '@koa/router'
import type { RequireScope } from '../middleware/guards/require-scope.js'
import { answerJsonArray, writeJsonArray } from '../json-array.js'
import { toApiQuarantined } from './api-message.js'
import type { ApiAnswer } from '../openapi/schemas.js'
import { parseListQuery } from './list-query.js'

export interface SyncDependencies {
  readonly engine: Engine
  readonly requireScope: RequireScope
}

/** The calls on the synchronization. */
export function addSyncRoutes(router: Router, { engine, requireScope }: SyncDependencies): void {
  router.get('/sync', requireScope('read'), async (context) => {
    context.body = (await engine.status()) satisfies ApiAnswer<'SyncStatus'>
  })

  router.post('/sync', requireScope('admin'), async (context) => {
    context.body = (await engine.sync()) satisfies ApiAnswer<'SyncStatus'>
  })

  router.get('/sync/quarantined', requireScope('admin'), async (context) => {
    const changes = await engine.quarantined(parseListQuery(context.querystring))
    const items = changes.map(toApiQuarantined) satisfies ApiAnswer<'QuarantinedChanges'>
    answerJsonArray(context, writeJsonArray(items))
  })
}
