import type { Middleware } from 'koa'
import { HttpProblem } from './http-problem.js'

/** Names under which a loopback server may be addressed. */
const LOOPBACK_NAMES = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/**
 * Lets only this server's own pages, and programs that are no browser, talk to it: another site that a person
 * visits must not read or post here, not even under a name of its own that points to this machine.
 */
export const guardOrigin: Middleware = (context, next) => {
  const hosts = context.req.rawHeaders.filter(
    (header, index) => index % 2 === 0 && header.toLowerCase() === 'host',
  )
  const { host = '', origin, 'sec-fetch-site': site } = context.req.headers
  if (hosts.length !== 1 || /[\s,]/.test(host)) {
    throw new HttpProblem(400, 'invalid_host', 'A request names exactly one host.')
  }
  const [, name = '', port = '80'] = /^(.*?)(?::(\d{1,5}))?$/.exec(host) ?? []
  if (!LOOPBACK_NAMES.test(name.toLowerCase()) || Number(port) !== context.socket.localPort) {
    throw new HttpProblem(421, 'host_not_allowed', 'This server does not answer for that host.')
  }
  const ownPage = origin === undefined || origin.toLowerCase() === `http://${host.toLowerCase()}`
  const ownSite = site === undefined || site === 'same-origin' || site === 'none'
  if (!ownPage || !ownSite) {
    throw new HttpProblem(403, 'origin_not_allowed', 'Requests of other sites are not answered.')
  }
  return next()
}
