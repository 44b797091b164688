import type { Engine, SyncStatus } from '@gitmsg/core'
import type { Store } from '@gitmsg/store'
import type Router from '@koa/router'
import type { Registry } from 'prom-client'
import type { RequireScope } from '../middleware/guards/require-scope.js'
import { HttpProblem } from '../http-problem.js'
import { refuseWhile } from './refuse-while.js'

export interface HealthDependencies {
  readonly engine: Engine
  readonly store: Store
  readonly requireScope: RequireScope
  readonly metrics: Registry
  /** True once a shutdown has begun. */
  readonly isDraining: () => boolean
}

/** Milliseconds after which a message that still waits says that something is wrong, whatever the last attempt did. */
const OLDEST_PENDING = 5 * 60_000

/** The calls for whoever watches over the server. */
export function addHealthRoutes(
  router: Router,
  { engine, store, requireScope, metrics, isDraining }: HealthDependencies,
): void {
  router.get('/healthz', (context) => {
    context.body = { status: 'ok' }
  })

  router.get('/readyz', requireScope('read'), refuseWhile(isDraining), async (context) => {
    if (!(await store.isWritable()))
      throw new HttpProblem(503, 'storage_busy', 'The storage cannot be written.')
    context.body = { status: isBehind(await engine.status()) ? 'degraded' : 'ready' }
  })

  router.get('/metrics', requireScope('admin'), async (context) => {
    context.type = metrics.contentType
    context.body = await metrics.metrics()
  })
}

function isBehind({ last_error, oldest_pending_at }: SyncStatus): boolean {
  return last_error !== null || Date.now() - Date.parse(oldest_pending_at ?? '') > OLDEST_PENDING
}
