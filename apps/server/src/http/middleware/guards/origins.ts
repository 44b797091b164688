import type { Context, Middleware } from 'koa'
import { problem } from '../../errors.js'

const REQUEST_HEADERS = 'Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match'
const RESPONSE_HEADERS =
  'ETag, Gitmsg-Position, Link, Location, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, X-Request-Id'
const PREFLIGHT_MAX_AGE_SECONDS = '600'

/**
 * Lets browsers give pages of exactly these origins access (CORS). Without any, no response has a CORS header.
 * It decides only what the browser may do; the origin guard decides whether a request is served.
 */
export function allowOrigins(allowed: readonly string[], methods: readonly string[]): Middleware {
  return function cors(context, next) {
    if (allowed.length === 0) return next()
    context.vary('Origin')
    const { origin } = context.req.headers
    if (origin === undefined || !allowed.includes(origin)) return next()
    context.set({
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Expose-Headers': RESPONSE_HEADERS,
    })
    if (context.method === 'OPTIONS') {
      context.set({
        'Access-Control-Allow-Methods': methods.join(', '),
        'Access-Control-Allow-Headers': REQUEST_HEADERS,
        'Access-Control-Max-Age': PREFLIGHT_MAX_AGE_SECONDS,
      })
    }
    return next()
  }
}

/** Where links of other sites may lead: the page, and back from an identity provider. */
const ARRIVALS: readonly string[] = ['/', '/auth/oidc/callback']

/**
 * Serves the server's own pages, pages of the origins in `allowed`, and clients that are not browsers. Another
 * site that a person visits must not read or post here. It may only link to the page: what a browser then opens in a
 * tab of its own tells the site nothing.
 */
export function guardOrigin(allowed: readonly string[]): Middleware {
  return function originGuard(context, next) {
    const { host = '', origin, 'sec-fetch-site': site } = context.req.headers
    const isListed = origin !== undefined && allowed.includes(origin)
    const isOwnOrigin = origin === undefined || origin.toLowerCase() === `http://${host.toLowerCase()}`
    const isOwnSite = site === undefined || site === 'same-origin' || site === 'none'
    if (!isListed && !(isOwnOrigin && isOwnSite) && !isArrival(context)) {
      throw problem('origin_not_allowed', { logged: { origin, site, setting: 'GITMSG_ALLOWED_ORIGINS' } })
    }
    return next()
  }
}

function isArrival({ method, path, req: { headers } }: Context): boolean {
  const isNavigation = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
  return method === 'GET' && isNavigation && headers.origin === undefined && ARRIVALS.includes(path)
}
