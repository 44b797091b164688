import type { Engine } from '@gitmsg/core'
import type { Store } from '@gitmsg/store'
import Router from '@koa/router'
import Koa from 'koa'
import serveStatic from 'koa-static'
import type { Logger } from 'pino'
import type { Metrics } from '../metrics.js'
import { answerErrors } from './error-answer.js'
import { guardOrigin } from './origin-guard.js'
import { identifyRequests } from './request-id.js'
import { addHealthRoutes } from './routes/health-routes.js'
import { addMessageRoutes } from './routes/message-routes.js'
import { addSyncRoutes } from './routes/sync-routes.js'
import { setSecurityHeaders } from './security-headers.js'

export interface AppDependencies {
  readonly engine: Engine
  readonly store: Store
  readonly metrics: Metrics
  readonly logger: Logger
  /** The folder of the web tester's files. */
  readonly webRoot: string
  readonly isDraining: () => boolean
}

/** The HTTP service: what every request passes, then the calls, then the web tester's files. */
export function createApp({ engine, store, metrics, logger, webRoot, isDraining }: AppDependencies): Koa {
  const router = new Router()
  addMessageRoutes(router, engine, metrics.countPosted)
  addSyncRoutes(router, engine)
  addHealthRoutes(router, { engine, store, metrics: metrics.registry, isDraining })

  const app = new Koa()
  app.on('error', (error) => logger.error({ err: error }, 'answer failed'))
  app.use(identifyRequests(logger))
  app.use(setSecurityHeaders)
  app.use(setCacheControl)
  app.use(answerErrors(logger))
  app.use(guardOrigin)
  app.use(router.routes())
  app.use(router.allowedMethods())
  app.use(serveStatic(webRoot))
  return app
}

/** Answers are of the moment; only the tester's assets, whose names change with their content, may be kept. */
const setCacheControl: Koa.Middleware = async (context, next) => {
  await next()
  const asset = context.path.startsWith('/assets/') && context.status === 200
  context.set('Cache-Control', asset ? 'public, max-age=31536000, immutable' : 'no-store')
}
