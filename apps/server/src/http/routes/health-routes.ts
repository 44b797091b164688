import type { Engine, SyncStatus } from '@gitmsg/core'
import type { Store } from '@gitmsg/store'
import type { Router, RouterContext } from '@koa/router'
import type { Registry } from 'prom-client'
import { type HttpError, problem, toHttpError } from '../errors.js'
import { type AssertCapacity, rejectWhileDraining } from '../middleware/guards/capacity-guard.js'
import type { RequireScope } from '../middleware/guards/token-guard.js'
import type { ApiResponse } from '../openapi/schemas.js'

export interface HealthDependencies {
  readonly engine: Engine
  readonly store: Store
  readonly requireScope: RequireScope
  /** `null`: the endpoint does not exist. */
  readonly metrics: Registry | null
  /** True once a shutdown has started. */
  readonly isDraining: () => boolean
  readonly assertCapacity: AssertCapacity
}

/** Each probe writes to the disk. */
const PROBE_INTERVAL_MS = 1_000

/** A message that is pending for longer means trouble, even if no attempt has failed. */
const MAX_PENDING_AGE_MS = 5 * 60_000

/** The endpoints for monitoring. */
export function addHealthRoutes(router: Router, dependencies: HealthDependencies): void {
  const { engine, store, requireScope, metrics, isDraining, assertCapacity } = dependencies
  const probe = createProbe(store)

  router.get('/healthz', getHealth)
  router.get('/readyz', requireScope('read'), rejectWhileDraining(isDraining), getReadiness)
  if (metrics) router.get('/metrics', requireScope('admin'), getMetrics(metrics))

  function getHealth(context: RouterContext): void {
    context.body = { status: 'ok' } satisfies ApiResponse<'Health'>
  }

  async function getReadiness(context: RouterContext): Promise<void> {
    await assertCapacity()
    await probe()
    const status = isBehind(await engine.status()) ? 'degraded' : 'ready'
    context.body = { status } satisfies ApiResponse<'Readiness'>
  }
}

function getMetrics(registry: Registry): (context: RouterContext) => Promise<void> {
  return async function sendMetrics(context) {
    context.type = registry.contentType
    context.body = await registry.metrics()
  }
}

/** Returns a function that fails unless messages can be stored. Requests within a second share one write. */
export function createProbe(
  store: Pick<Store, 'assertWritable'>,
  monotonic = () => performance.now(),
): () => Promise<void> {
  let startedAt = Number.NEGATIVE_INFINITY
  let result = Promise.resolve()

  return function probe() {
    if (monotonic() - startedAt < PROBE_INTERVAL_MS) return result
    startedAt = monotonic()
    result = store.assertWritable().catch((error) => {
      throw toUnreadiness(error)
    })
    return result
  }
}

/** A failure that is not known otherwise also means that the database cannot be written to. */
function toUnreadiness(error: unknown): HttpError {
  const known = toHttpError(error)
  return known.code === 'internal' ? problem('storage_unwritable', { cause: known.cause }) : known
}

function isBehind({ last_error, oldest_pending_at }: SyncStatus): boolean {
  return last_error !== null || Date.now() - Date.parse(oldest_pending_at ?? '') > MAX_PENDING_AGE_MS
}
