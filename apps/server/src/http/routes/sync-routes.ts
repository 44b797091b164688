import type { Engine } from '@gitmsg/core'
import type { QuarantinedChange } from '@gitmsg/store'
import type { Router, RouterContext } from '@koa/router'
import { sendJsonArray, serializeJsonArray } from '../json-array.js'
import type { RequireScope } from '../middleware/guards/token-guard.js'
import type { ApiResponse } from '../openapi/schemas.js'
import { parseListQuery, toApiMessage } from './message-page.js'

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

/** A quarantined change as the HTTP API and `gitmsg quarantine list --json` return it. */
export function toApiQuarantined({ sequence, reason, quarantined_at, message }: QuarantinedChange) {
  return { sequence, reason, quarantined_at, message: toApiMessage(message) }
}
