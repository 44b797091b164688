import type { Middleware } from 'koa'

/** What a page of an allowed origin may send, and read of an answer beyond its body. */
const SEND = 'Authorization, Content-Type, Idempotency-Key'
const READ = 'Link, Location, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, X-Request-Id'
/** Seconds for which a browser may remember a preflight's answer. */
const REMEMBER = '600'

/**
 * Tells browsers that pages of exactly these origins may call (CORS). With none, the default, no answer has
 * any such header. Whether a request is served is not decided here.
 */
export function permitOrigins(allowed: readonly string[]): Middleware {
  return (context, next) => {
    if (allowed.length === 0) return next()
    context.vary('Origin')
    const { origin } = context.req.headers
    if (origin === undefined || !allowed.includes(origin)) return next()
    context.set({ 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': READ })
    if (context.method === 'OPTIONS') {
      context.set({
        'Access-Control-Allow-Methods': 'GET, HEAD, POST',
        'Access-Control-Allow-Headers': SEND,
        'Access-Control-Max-Age': REMEMBER,
      })
    }
    return next()
  }
}
