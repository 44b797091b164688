import type { Middleware } from 'koa'

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
