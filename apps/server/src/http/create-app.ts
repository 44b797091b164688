import type { Engine } from '@gitmsg/core'
import type { Store } from '@gitmsg/store'
import Router from '@koa/router'
import Koa, { type Middleware } from 'koa'
import type { Logger } from 'pino'
import type { Access } from '../access/access.js'
import type { AccessConfig } from '../config/server-config.js'
import { parseAddressList } from '../limits/peers.js'
import { createWindowPolicy } from '../limits/policies.js'
import type { Metrics } from '../metrics/create-metrics.js'
import { assignRequestId, setCacheControl, setSecurityHeaders } from './middleware/common-headers.js'
import { handleErrors, logFailedResponses } from './middleware/error-handler.js'
import type { AssertCapacity } from './middleware/guards/capacity-guard.js'
import { guardHost } from './middleware/guards/host-guard.js'
import { allowOrigins, guardOrigin } from './middleware/guards/origins.js'
import { denyPeers, identifyPeer } from './middleware/guards/peer-guard.js'
import { limitRate } from './middleware/guards/rate-limit.js'
import { guardMethods, guardRequest, normalizeUrl } from './middleware/guards/request-guard.js'
import { admitStrangers, authenticate, createScopeGuard } from './middleware/guards/token-guard.js'
import { serveWebFiles } from './middleware/web-files.js'
import { createPost } from './posting/post-message.js'
import {
  type AccountParts,
  addAccountRoutes,
  createAccountRules,
  hideAccounts,
} from './routes/accounts/add-account-routes.js'
import { addChangeRoutes } from './routes/change-routes.js'
import { addDocumentRoutes } from './routes/document-routes.js'
import { addFeedRoutes } from './routes/feed-routes.js'
import { addHealthRoutes } from './routes/health-routes.js'
import { addListRoutes } from './routes/list-routes.js'
import { addPostRoutes } from './routes/post-routes.js'
import { addReadRoutes } from './routes/read-routes.js'
import { addSyncRoutes } from './routes/sync-routes.js'

/** The live channel, as the service sees it. */
export interface LiveChannel {
  /** Adds its endpoint. */
  addRoutes(router: Router, guards: { guardMessages: Middleware; isDraining: () => boolean }): void
  /** Reports that something has changed, so that clients get it at once. */
  wake(): void
  /** Ends connections whose token is not valid any more. */
  recheck(): void
}

/** What the service counts, and where that can be read. */
interface AppMetrics extends Pick<Metrics, 'countPosted' | 'countEdited' | 'countDeleted' | 'countRejected'> {
  /** `null`: there is no endpoint for it. */
  readonly registry: Metrics['registry'] | null
}

/** What the service runs on. */
export interface AppDependencies {
  readonly engine: Engine
  readonly store: Store
  readonly metrics: AppMetrics
  readonly logger: Logger
  /** The folder with the web tester's files; `null`: there is none. */
  readonly webRoot: string | null
  /** True once a shutdown has started. */
  readonly isDraining: () => boolean
  readonly assertCapacity: AssertCapacity
  /** `null`: no endpoint requires a token. */
  readonly access: Access | null
  /** `null`: there are no accounts, and none of their endpoints. */
  readonly accounts: AccountParts | null
  /** `null`: there is no live channel. */
  readonly live: LiveChannel | null
  readonly settings: Omit<AccessConfig, 'tokensFile' | 'liveSockets'>
  /** Milliseconds of a clock that never goes back, for the limits. */
  readonly monotonic: () => number
}

const CORS_METHODS = ['DELETE', 'GET', 'HEAD', 'PATCH', 'POST']

/** The HTTP service: the middleware that every request passes, the endpoints, and the web tester's files. */
export function createApp(dependencies: AppDependencies): Koa {
  const { logger, metrics, webRoot, access, accounts, settings, monotonic } = dependencies
  const { trustedProxies, denied, rateLimit } = settings
  const router = createRouter(dependencies)
  const app = new Koa()
  logFailedResponses(app, logger)
  app.use(assignRequestId(logger))
  app.use(identifyPeer(trustedProxies.length > 0 ? parseAddressList(trustedProxies) : null))
  app.use(setSecurityHeaders)
  app.use(setCacheControl)
  app.use(handleErrors(logger, metrics.countRejected))
  app.use(normalizeUrl)
  app.use(guardRequest)
  if (denied.length > 0) app.use(denyPeers(parseAddressList(denied)))
  app.use(guardHost(settings.allowedHosts))
  app.use(allowOrigins(settings.allowedOrigins, accounts ? [...CORS_METHODS, 'PUT'] : CORS_METHODS))
  app.use(authenticate(access))
  if (rateLimit) {
    const { requests: quota, seconds } = rateLimit
    app.use(limitRate(createWindowPolicy({ name: 'default', quota, seconds, monotonic })))
  }
  if (!accounts) app.use(hideAccounts())
  app.use(guardMethods(router))
  app.use(guardOrigin(settings.allowedOrigins))
  app.use(router.routes())
  if (webRoot !== null) app.use(serveWebFiles(webRoot))
  return app
}

function createRouter(dependencies: AppDependencies): Router {
  const { engine, metrics, access, accounts, live, monotonic } = dependencies
  const router = new Router()
  const requireScope = createScopeGuard(access !== null)
  const requireRead = requireScope('read')
  const guardMessages = accounts?.config.isPublic ? admitStrangers(requireRead) : requireRead
  const shared = { ...dependencies, requireScope, guardMessages }
  const andWake = (count: () => void) => () => {
    count()
    live?.wake()
  }
  const { countPosted, countEdited, countDeleted } = metrics
  const onPosted = andWake(countPosted)
  const changed = { onEdited: andWake(countEdited), onDeleted: andWake(countDeleted) }
  const rules = accounts
    ? createAccountRules({ ...accounts, engine, monotonic })
    : { post: createPost(engine), isReserved: async () => false, changeRules: null }
  addPostRoutes(router, { ...shared, ...rules, onPosted })
  addChangeRoutes(router, { ...shared, ...rules, ...changed })
  addListRoutes(router, shared)
  addReadRoutes(router, shared)
  addFeedRoutes(router, shared)
  live?.addRoutes(router, shared)
  if (accounts) {
    const onRevoked = () => live?.recheck()
    addAccountRoutes(router, { ...shared, ...accounts, onPosted, onRevoked })
  }
  addSyncRoutes(router, shared)
  addHealthRoutes(router, { ...shared, metrics: metrics.registry })
  addDocumentRoutes(router)
  return router
}
