import type { Engine } from '@gitmsg/core'
import type { Router, RouterContext } from '@koa/router'
import { sendJsonArray, serializeJsonArray } from '../json-array.js'
import type { RequireScope } from '../middleware/guards/require-scope.js'
import type { ApiResponse } from '../openapi/schemas.js'
import { toApiQuarantined } from './api-message.js'
import { parseListQuery } from './message-page.js'

export interface SyncDependencies {
  readonly engine: Engine
  readonly requireScope: RequireScope
}

/** The endpoints for the synchronization. */
export function addSyncRoutes(router: Router, { engine, requireScope }: SyncDependencies): void {
  router.get('/sync', requireScope('read'), getSyncStatus)
  router.post('/sync', requireScope('admin'), synchronize)
  router.get('/sync/quarantined', requireScope('admin'), listQuarantined)

  async function getSyncStatus(context: RouterContext): Promise<void> {
    context.body = (await engine.status()) satisfies ApiResponse<'SyncStatus'>
  }

  async function synchronize(context: RouterContext): Promise<void> {
    context.body = (await engine.sync()) satisfies ApiResponse<'SyncStatus'>
  }

  async function listQuarantined(context: RouterContext): Promise<void> {
    const changes = await engine.quarantined(parseListQuery(context.querystring))
    const items = changes.map(toApiQuarantined) satisfies ApiResponse<'QuarantinedChanges'>
    sendJsonArray(context, serializeJsonArray(items))
  }
}
