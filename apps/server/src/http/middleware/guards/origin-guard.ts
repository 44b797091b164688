import type { Middleware } from 'koa'
import { problem } from '../../errors.js'

/**
 * Serves the server's own pages, pages of the origins in `allowed`, and clients that are not browsers. Another
 * site that a person visits must not read or post here.
 */
export function guardOrigin(allowed: readonly string[]): Middleware {
  return function originGuard(context, next) {
    const { host = '', origin, 'sec-fetch-site': site } = context.req.headers
    const isListed = origin !== undefined && allowed.includes(origin)
    const isOwnOrigin = origin === undefined || origin.toLowerCase() === `http://${host.toLowerCase()}`
    const isOwnSite = site === undefined || site === 'same-origin' || site === 'none'
    if (!isListed && !(isOwnOrigin && isOwnSite)) {
      throw problem('origin_not_allowed', { logged: { origin, site, setting: 'GITMSG_ALLOWED_ORIGINS' } })
    }
    return next()
  }
}
