import type { Middleware } from 'koa'

const REQUEST_HEADERS = 'Authorization, Content-Type, Idempotency-Key'
const RESPONSE_HEADERS =
  'Link, Location, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, X-Request-Id'
const PREFLIGHT_MAX_AGE_SECONDS = '600'

/**
 * Lets browsers give pages of exactly these origins access (CORS). Without any, no response has a CORS header.
 * It decides only what the browser may do; the origin guard decides whether a request is served.
 */
export function allowOrigins(allowed: readonly string[]): Middleware {
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
        'Access-Control-Allow-Methods': 'GET, HEAD, POST',
        'Access-Control-Allow-Headers': REQUEST_HEADERS,
        'Access-Control-Max-Age': PREFLIGHT_MAX_AGE_SECONDS,
      })
    }
    return next()
  }
}
