import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { assembleEngine } from '@gitmsg/core'
import type { Logger } from 'pino'
import { createAccess } from './access/access.js'
import { openTokens } from './access/open-tokens.js'
import type { Environment, ServerConfig } from './config/server-config.js'
import { createApp } from './http/create-app.js'
import { createCapacityCheck } from './http/middleware/guards/capacity-guard.js'
import { listen } from './http/server/http-server.js'
import { createLive } from './live/create-live.js'
import { createMetrics } from './metrics/create-metrics.js'
import { openAccountParts } from './open-accounts.js'
import { openDatabase } from './open-database.js'
import { startSyncThread } from './sync-thread/start-sync-thread.js'

/** How long a shutdown waits for requests in progress, and then for pending messages to reach the repository. */
const DRAIN_MS = 5_000
const FLUSH_MS = 10_000
const STATUS_MS = 3_000
/** Beyond that its supervisor starts it again, where the failure is seen. */
const DATABASE_PATIENCE_MS = 60_000
const NEWER_SCHEMA = 'a newer version of gitmsg has migrated the database'

/** The web tester's files, which the build copies here. */
const WEB_ROOT = fileURLToPath(new URL('../dist/web', import.meta.url))

/**
 * Composes the server from its parts, serves until `stop` resolves, and closes the parts in reverse order.
 *
 * @throws {Error} once it has stopped because a newer version has migrated the database
 */
export async function serve(
  config: ServerConfig,
  environment: Environment,
  { logger, stop }: { logger: Logger; stop: Promise<string> },
): Promise<void> {
  const metrics = createMetrics()
  const stopping = new AbortController()
  const { signal } = stopping
  stop.then((reason) => stopping.abort(reason))
  const onNewerSchema = () => stopping.abort(NEWER_SCHEMA)
  const opening = { logger, patienceMs: DATABASE_PATIENCE_MS, signal, onNewerSchema }
  await using store = await openDatabase(config, opening).catch((error) => {
    if (signal.aborted) return null
    throw error
  })
  if (!store) return logger.info({}, 'stopped before the database could be reached')
  const synchronizer = startSyncThread(config, environment, { store, logger, ...metrics })
  await using engine = assembleEngine({ store, synchronizer, formatVersion: config.formatVersion, logger })
  let draining = false
  const { access: settings } = config
  await using accounts = await openAccountParts(config, { engine, logger, onNewerSchema })
  const tokens = settings.tokensFile === null ? null : openTokens(settings.tokensFile, logger)
  const access = createAccess({ tokens, accounts: accounts?.accounts ?? null })
  const isDraining = () => draining
  const monotonic = () => performance.now()
  const { liveSockets: sockets } = settings
  const isPublic = config.accounts?.isPublic ?? false
  const live =
    sockets > 0 ? createLive({ engine, store, access, isPublic, logger, sockets, ...metrics }) : null
  const assertCapacity = createCapacityCheck({
    status: engine.status,
    store,
    monotonic,
  })
  metrics.watch({
    engine,
    store,
    countSockets: () => live?.connections ?? 0,
    clock: Date.now,
  })
  const app = createApp({
    engine,
    store,
    metrics,
    logger,
    webRoot: WEB_ROOT,
    isDraining,
    assertCapacity,
    access,
    accounts,
    live,
    settings,
    monotonic,
  })
  const server = await listen(app, { ...config, liveSockets: sockets, onRejected: metrics.countRejected })
  logger.info({ pid: process.pid }, `Serving on ${server.url}`)

  if (!signal.aborted) await once(signal, 'abort')
  draining = true
  logger.info({ reason: signal.reason }, 'shutting down')
  await live?.close()
  await server.drain(DRAIN_MS)
  // What cannot be read or written any more is left to other servers, or to the next start.
  await withTimeout(engine.sync(), FLUSH_MS).catch(() => null)
  const status = await withTimeout(engine.status(), STATUS_MS).catch(() => null)
  const pending = status?.pending
  logger.info({ pending }, pending ? `stopped with ${pending} pending` : 'stopped')
  if (signal.reason === NEWER_SCHEMA) throw new Error(`${NEWER_SCHEMA}: install it here, too`)
}

/** Resolves with the result of `work`, or with `null` after `milliseconds`. The work goes on then, unobserved. */
async function withTimeout<Result>(work: Promise<Result>, milliseconds: number): Promise<Result | null> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, milliseconds, null)
  })
  try {
    return await Promise.race([work, timeout])
  } finally {
    clearTimeout(timer)
  }
}
