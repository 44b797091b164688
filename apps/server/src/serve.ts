import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { assembleEngine } from '@gitmsg/core'
import type { Logger } from 'pino'
import { openTokens } from './access/open-tokens.js'
import type { Environment, ServerConfig } from './config/server-config.js'
import { createApp } from './http/create-app.js'
import { createCapacityCheck } from './http/middleware/guards/capacity-guard.js'
import { listen } from './http/server/http-server.js'
import { createMetrics } from './metrics/create-metrics.js'
import { DATABASE_FILE, openDatabase } from './open-data.js'
import { readDisk, readSize } from './read-disk.js'
import { startSyncThread } from './sync-thread/start-sync-thread.js'
import { withinTime } from './within-time.js'

/** How long, in milliseconds, a shutdown waits for requests under way, and then for the repository. */
const DRAIN = 5_000
const FLUSH = 10_000

/** The composition root: builds from the leaves, serves until `stop` resolves, closes in reverse. */
export async function serve(
  config: ServerConfig,
  environment: Environment,
  { logger, stop }: { logger: Logger; stop: Promise<string> },
): Promise<void> {
  const metrics = createMetrics()
  await using store = await openDatabase(config)
  const synchronizer = startSyncThread(config, environment, { store, logger, ...metrics })
  await using engine = assembleEngine({ store, synchronizer })
  let draining = false
  const webRoot = join(dirname(createRequire(import.meta.url).resolve('@gitmsg/web/package.json')), 'dist')
  const { access, dataDirectory } = config
  const tokens = access.tokensFile === null ? null : openTokens(access.tokensFile, logger)
  const isDraining = () => draining
  const assertCapacity = createCapacityCheck({
    store,
    readDisk: () => readDisk(dataDirectory),
    monotonic: () => performance.now(),
  })
  metrics.watch({
    engine,
    readFreeBytes: async () => (await readDisk(dataDirectory)).free,
    readLogBytes: () => readSize(join(dataDirectory, `${DATABASE_FILE}-wal`)),
    clock: Date.now,
  })
  const app = createApp({
    engine,
    store,
    metrics,
    logger,
    webRoot,
    isDraining,
    assertCapacity,
    tokens,
    access,
  })
  const server = await listen(app, { ...config, onRejected: metrics.countRejected })
  logger.info({ pid: process.pid }, `Serving on ${server.url}`)

  const reason = await stop
  draining = true
  logger.info({ reason }, 'shutting down')
  await server.drain(DRAIN)
  await withinTime(engine.sync(), FLUSH)
  const { pending } = await engine.status()
  logger.info(
    { pending },
    pending > 0 ? 'stopped: what is pending will be synchronized next time' : 'stopped',
  )
}
