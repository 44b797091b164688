import type { Engine } from '@gitmsg/core'
import type { Store } from '@gitmsg/store'
import Router from '@koa/router'
import Koa from 'koa'
import type { Logger } from 'pino'
import type { Tokens } from '../access/open-tokens.js'
import type { AccessConfig } from '../config/server-config.js'
import type { Live } from '../live/create-live.js'
import { addLiveRoutes } from '../live/live-routes.js'
import type { Metrics } from '../metrics/create-metrics.js'
import { assignRequestId, setCacheControl, setSecurityHeaders } from './middleware/common-headers.js'
import { handleErrors, logFailedResponses } from './middleware/error-handler.js'
import type { AssertCapacity } from './middleware/guards/capacity-guard.js'
import { guardHost } from './middleware/guards/host-guard.js'
import { allowOrigins, guardOrigin } from './middleware/guards/origins.js'
import { limitRate } from './middleware/guards/rate-limit.js'
import { guardMethods, guardRequest, normalizeUrl } from './middleware/guards/request-guard.js'
import { authenticate, createScopeGuard } from './middleware/guards/token-guard.js'
import { serveWebFiles } from './middleware/web-files.js'
import { addChangeRoutes } from './routes/change-routes.js'
import { addDocumentRoutes } from './routes/document-routes.js'
import { addFeedRoutes } from './routes/feed-routes.js'
import { addHealthRoutes } from './routes/health-routes.js'
import { addListRoutes } from './routes/list-routes.js'
import { addPostRoutes } from './routes/post-routes.js'
import { addReadRoutes } from './routes/read-routes.js'
import { addSyncRoutes } from './routes/sync-routes.js'

/** What the service runs on. */
export interface AppDependencies {
  readonly engine: Engine
  readonly store: Store
  readonly metrics: Metrics
  readonly logger: Logger
  /** The folder with the web tester's files. */
  readonly webRoot: string
  /** True once a shutdown has started. */
  readonly isDraining: () => boolean
  readonly assertCapacity: AssertCapacity
  /** `null`: no endpoint requires a token. */
  readonly tokens: Tokens | null
  /** `null`: there is no live channel. */
  readonly live: Live | null
  readonly access: Pick<AccessConfig, 'allowedHosts' | 'allowedOrigins' | 'rateLimit'>
}

/** The HTTP service: the middleware that every request passes, the endpoints, and the web tester's files. */
export function createApp(dependencies: AppDependencies): Koa {
  const { logger, metrics, webRoot, tokens, access } = dependencies
  const router = createRouter(dependencies)
  const app = new Koa()
  logFailedResponses(app, logger)
  app.use(assignRequestId(logger))
  app.use(setSecurityHeaders)
  app.use(setCacheControl)
  app.use(handleErrors(logger, metrics.countRejected))
  app.use(normalizeUrl)
  app.use(guardRequest)
  app.use(guardHost(access.allowedHosts))
  app.use(allowOrigins(access.allowedOrigins))
  app.use(authenticate(tokens))
  if (access.rateLimit) app.use(limitRate(access.rateLimit))
  app.use(guardMethods(router))
  app.use(guardOrigin(access.allowedOrigins))
  app.use(router.routes())
  app.use(serveWebFiles(webRoot))
  return app
}

function createRouter(dependencies: AppDependencies): Router {
  const { metrics, tokens, live } = dependencies
  const router = new Router()
  const shared = { ...dependencies, requireScope: createScopeGuard(tokens !== null) }
  const andWake = (count: () => void) => () => {
    count()
    live?.wake()
  }
  const { countPosted, countEdited, countDeleted } = metrics
  addPostRoutes(router, { ...shared, onPosted: andWake(countPosted) })
  addChangeRoutes(router, { ...shared, onEdited: andWake(countEdited), onDeleted: andWake(countDeleted) })
  addListRoutes(router, shared)
  addReadRoutes(router, shared)
  addFeedRoutes(router, shared)
  addLiveRoutes(router, shared)
  addSyncRoutes(router, shared)
  addHealthRoutes(router, { ...shared, metrics: metrics.registry })
  addDocumentRoutes(router)
  return router
}
