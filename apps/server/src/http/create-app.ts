import type { Engine } from '@gitmsg/core'
import type { Store } from '@gitmsg/store'
import Router from '@koa/router'
import Koa from 'koa'
import type { Logger } from 'pino'
import { identifyBearer } from './middleware/authenticate.js'
import type { Tokens } from '../access/open-tokens.js'
import { limitRate } from './middleware/guards/rate-limit.js'
import { createScopeGuard } from './middleware/guards/require-scope.js'
import type { AccessConfig } from '../config/server-config.js'
import type { Metrics } from '../metrics/create-metrics.js'
import { permitOrigins } from './middleware/cors.js'
import { answerErrors } from './middleware/error-handler.js'
import { guardHost } from './middleware/guards/host-guard.js'
import { logFailedAnswers } from './log-failed-answers.js'
import { guardMethods } from './middleware/guards/method-guard.js'
import { guardOrigin } from './middleware/guards/origin-guard.js'
import { guardRequest } from './middleware/guards/request-guard.js'
import { identifyRequests } from './middleware/request-id.js'
import { readTarget } from './middleware/normalize-url.js'
import type { AssertRoom } from './middleware/guards/capacity-guard.js'
import { addDocumentRoutes } from './routes/document-routes.js'
import { addHealthRoutes } from './routes/health-routes.js'
import { addMessageRoutes } from './routes/message-routes.js'
import { addSyncRoutes } from './routes/sync-routes.js'
import { setSecurityHeaders } from './middleware/security-headers.js'
import { serveWebFiles } from './middleware/web-files.js'

export interface AppDependencies {
  readonly engine: Engine
  readonly store: Store
  readonly metrics: Metrics
  readonly logger: Logger
  /** The folder of the web tester's files. */
  readonly webRoot: string
  readonly isDraining: () => boolean
  readonly assertRoom: AssertRoom
  /** `null`: no call needs a token. */
  readonly tokens: Tokens | null
  readonly access: Pick<AccessConfig, 'allowedHosts' | 'allowedOrigins' | 'rateLimit'>
}

/** The HTTP service: what every request passes, then the calls, then the web tester's files. */
export function createApp(dependencies: AppDependencies): Koa {
  const { logger, metrics, webRoot, tokens, access } = dependencies
  const router = createRouter(dependencies)
  const app = new Koa()
  logFailedAnswers(app, logger)
  app.use(identifyRequests(logger))
  app.use(setSecurityHeaders)
  app.use(setCacheControl)
  app.use(answerErrors(logger, metrics.countRejected))
  app.use(readTarget)
  app.use(guardRequest)
  app.use(guardHost(access.allowedHosts))
  app.use(permitOrigins(access.allowedOrigins))
  app.use(identifyBearer(tokens))
  if (access.rateLimit) app.use(limitRate(access.rateLimit))
  app.use(guardMethods(router))
  app.use(guardOrigin(access.allowedOrigins))
  app.use(router.routes())
  app.use(serveWebFiles(webRoot))
  return app
}

function createRouter(dependencies: AppDependencies): Router {
  const { engine, store, metrics, isDraining, assertRoom, tokens } = dependencies
  const router = new Router()
  const requireScope = createScopeGuard(tokens !== null)
  addMessageRoutes(router, {
    engine,
    store,
    requireScope,
    isDraining,
    assertRoom,
    onPosted: metrics.countPosted,
  })
  addSyncRoutes(router, { engine, requireScope })
  addHealthRoutes(router, { engine, store, requireScope, metrics: metrics.registry, isDraining })
  addDocumentRoutes(router)
  return router
}

/** Answers are of the moment; only the tester's assets, whose names change with their content, may be kept. */
const setCacheControl: Koa.Middleware = async (context, next) => {
  await next()
  const asset = context.path.startsWith('/assets/') && context.status === 200
  context.set('Cache-Control', asset ? 'public, max-age=31536000, immutable' : 'no-store')
}
