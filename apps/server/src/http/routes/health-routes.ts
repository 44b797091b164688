import type { Engine, SyncStatus } from '@gitmsg/core'
import type { Store } from '@gitmsg/store'
import type { Router, RouterContext } from '@koa/router'
import type { Registry } from 'prom-client'
import { problem } from '../errors.js'
import { rejectWhileDraining } from '../middleware/guards/capacity-guard.js'
import type { RequireScope } from '../middleware/guards/require-scope.js'
import type { ApiResponse } from '../openapi/schemas.js'

export interface HealthDependencies {
  readonly engine: Engine
  readonly store: Store
  readonly requireScope: RequireScope
  readonly metrics: Registry
  /** True once a shutdown has started. */
  readonly isDraining: () => boolean
}

/** A message that is pending for longer means trouble, even if no attempt has failed. */
const MAX_PENDING_AGE_MS = 5 * 60_000

/** The endpoints for monitoring. */
export function addHealthRoutes(router: Router, dependencies: HealthDependencies): void {
  const { engine, store, requireScope, metrics, isDraining } = dependencies

  router.get('/healthz', getHealth)
  router.get('/readyz', requireScope('read'), rejectWhileDraining(isDraining), getReadiness)
  router.get('/metrics', requireScope('admin'), getMetrics)

  function getHealth(context: RouterContext): void {
    context.body = { status: 'ok' } satisfies ApiResponse<'Health'>
  }

  async function getReadiness(context: RouterContext): Promise<void> {
    if (!(await store.isWritable())) throw problem('storage_busy')
    const status = isBehind(await engine.status()) ? 'degraded' : 'ready'
    context.body = { status } satisfies ApiResponse<'Readiness'>
  }

  async function getMetrics(context: RouterContext): Promise<void> {
    context.type = metrics.contentType
    context.body = await metrics.metrics()
  }
}

function isBehind({ last_error, oldest_pending_at }: SyncStatus): boolean {
  return last_error !== null || Date.now() - Date.parse(oldest_pending_at ?? '') > MAX_PENDING_AGE_MS
}
