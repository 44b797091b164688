import { type Engine, inputJsonSchemas, parseQueryString } from '@gitmsg/core'
import type { QuarantinedChange } from '@gitmsg/store'
import type { Router, RouterContext } from '@koa/router'
import { sendJsonList, serializeArray } from '../json-list.js'
import type { RequireScope } from '../middleware/guards/token-guard.js'
import type { ApiResponse } from '../openapi/schemas.js'
import { toApiMessage } from './api-message.js'

export interface SyncDependencies {
  readonly engine: Engine
  readonly requireScope: RequireScope
}

const { page } = inputJsonSchemas()

/** The endpoints for the synchronization. */
export function addSyncRoutes(router: Router, { engine, requireScope }: SyncDependencies): void {
  router.get('/sync', requireScope('read'), getSyncStatus)
  router.post('/sync', requireScope('admin'), synchronize)
  router.get('/sync/quarantined', requireScope('admin'), listQuarantined)

  async function getSyncStatus(context: RouterContext): Promise<void> {
    context.body = (await engine.status()) satisfies ApiResponse<'SyncStatus'>
  }

  async function synchronize(context: RouterContext): Promise<void> {
    await engine.status() // a database that is away is not waited for as long as a remote
    context.body = (await engine.sync()) satisfies ApiResponse<'SyncStatus'>
  }

  async function listQuarantined(context: RouterContext): Promise<void> {
    const changes = await engine.quarantined(parseQueryString(context.querystring, page))
    const items = changes.map(toApiQuarantined) satisfies ApiResponse<'QuarantinedChanges'>
    sendJsonList(context, await serializeArray(items))
  }
}

/** A quarantined change as the HTTP API and `gitmsg quarantine list --json` return it. */
export function toApiQuarantined({ sequence, reason, quarantined_at, message }: QuarantinedChange) {
  return { sequence, reason, quarantined_at, message: toApiMessage(message) }
}
