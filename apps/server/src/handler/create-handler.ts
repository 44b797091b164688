import { randomUUID } from 'node:crypto'
import type { Engine } from '@gitmsg/core'
import type { Store } from '@gitmsg/store'
import type { Logger as PinoLogger } from 'pino'
import type { createHandler as declared, HandlerLogger } from '../../handler.js'
import { createApp } from '../http/create-app.js'
import { createCapacityCheck } from '../http/middleware/guards/capacity-guard.js'
import { createHttpServer } from '../http/server/http-server.js'
import { createLive } from '../live/create-live.js'
import { createCallers } from './callers.js'
import { exchange } from './exchange.js'

const DEFAULT_STREAMS = 512

/** See the published declaration. */
export const createHandler: typeof declared = (gitmsg, options = {}) => {
  const { basePath = '', authenticate, allowedOrigins = [], liveStreams = DEFAULT_STREAMS } = options
  const logger = toPinoLogger(options.logger)
  const { store, ...engine } = gitmsg as Engine & { store: Store }
  const callers = authenticate ? createCallers(authenticate) : null
  const access = callers?.access ?? null
  const monotonic = () => performance.now()
  // Which hosts are served is for the application to decide. No page has the origin that stands for its own.
  const host = `${randomUUID()}.invalid`
  let isClosing = false
  const streams = { isPublic: false, sockets: liveStreams, socketsPerClient: Number.POSITIVE_INFINITY }
  const live =
    liveStreams > 0 ? createLive({ engine, store, access, logger, ...streams, ...UNCOUNTED }) : null
  const app = createApp({
    ...{ engine, store, logger, access, live, monotonic },
    ...{ metrics: UNCOUNTED, webRoot: null, accounts: null },
    isDraining: () => isClosing,
    assertCapacity: createCapacityCheck({ status: engine.status, store, monotonic }),
    settings: {
      ...{ allowedHosts: [host], allowedOrigins, trustedProxies: [], denied: [], rateLimit: null },
    },
  })
  const server = createHttpServer(app, { onRejected: () => {} })
  const prefix = basePath.replace(/\/+$/, '')

  async function handle(request: Request): Promise<Response> {
    const headers = new Headers(request.headers)
    const { origin, pathname, search } = new URL(request.url)
    headers.set('host', host)
    // Those of the application, which may be more than the limit.
    headers.delete('cookie')
    if (headers.get('origin') === origin) headers.set('origin', `http://${host}`)
    const target = { path: `${withoutPrefix(pathname, prefix)}${search}`, headers }
    return callers
      ? callers.authenticate(request, headers, () => exchange(server, request, target))
      : exchange(server, request, target)
  }

  async function close(): Promise<void> {
    isClosing = true
    await live?.close()
  }
  return Object.assign(handle, { close, [Symbol.asyncDispose]: close })
}

/** A path outside of the prefix leads to `/`, where there is nothing. */
function withoutPrefix(path: string, prefix: string): string {
  return path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : '/'
}

const ignore = () => {}

/** Embedded, there are no metrics. */
const UNCOUNTED = {
  registry: null,
  ...{ countPosted: ignore, countEdited: ignore, countDeleted: ignore, countRejected: ignore },
  ...{ countFrame: ignore, countClose: ignore, observeLag: ignore },
}

/** Only what the service calls of a logger. Requests are the application's to log. */
function toPinoLogger(logger: HandlerLogger | undefined): PinoLogger {
  const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore }
  return { ...silent, ...logger, isLevelEnabled: () => false } as unknown as PinoLogger
}
