import { randomUUID } from 'node:crypto'
import type { Middleware } from 'koa'
import type { Logger } from 'pino'
import { describeClient } from './guards/peer-guard.js'

/** Gives each request an id, returns it as `X-Request-Id`, and logs the completed request at level debug. */
export function assignRequestId(logger: Logger): Middleware {
  return async function requestId(context, next) {
    const id = randomUUID()
    const start = performance.now()
    context.state.requestId = id
    context.set('X-Request-Id', id)
    await next()
    if (!logger.isLevelEnabled('debug')) return
    const { method, path, status } = context
    const milliseconds = Math.round(10 * (performance.now() - start)) / 10
    logger.debug({ ...describeClient(context), method, path, status, milliseconds }, 'request completed')
  }
}

/** Sent with every response, errors included. The page loads nothing from elsewhere and runs no inline code. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; '),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}

/** Adds {@link SECURITY_HEADERS}. */
export const setSecurityHeaders: Middleware = (context, next) => {
  context.set(SECURITY_HEADERS)
  return next()
}

/** Forbids caching, except of the web page's assets: their names change with their content. */
export const setCacheControl: Middleware = async (context, next) => {
  await next()
  const isAsset = context.path.startsWith('/assets/') && context.status === 200
  context.set('Cache-Control', isAsset ? 'public, max-age=31536000, immutable' : 'no-store')
}
