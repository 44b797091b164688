import type { Middleware } from 'koa'
import { HttpProblem } from '../../http-problem.js'

/**
 * Lets only this server's own pages, pages of the origins in `allowed`, and programs that are no browser talk
 * to it: another site that a person visits must not read or post here.
 */
export function guardOrigin(allowed: readonly string[]): Middleware {
  return (context, next) => {
    const { host = '', origin, 'sec-fetch-site': site } = context.req.headers
    const isListed = origin !== undefined && allowed.includes(origin)
    const ownPage = origin === undefined || origin.toLowerCase() === `http://${host.toLowerCase()}`
    const ownSite = site === undefined || site === 'same-origin' || site === 'none'
    if (!isListed && !(ownPage && ownSite)) {
      throw new HttpProblem(403, 'origin_not_allowed', 'Requests of other sites are not answered.')
    }
    return next()
  }
}
