import type { Middleware } from 'koa'
import { HttpProblem } from '../../http-problem.js'

/** Names of this machine for itself. */
const LOOPBACK_NAMES = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/**
 * Answers only under names that are this server's: this machine's own, the address at which the connection
 * arrived, both with our port, and those in `allowed`, which are compared as they are. A site that points a
 * name of its own at this machine (DNS rebinding) is refused.
 */
export function guardHost(allowed: readonly string[]): Middleware {
  return (context, next) => {
    const { headers, rawHeaders, socket } = context.req
    const { host = '' } = headers
    const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host')
    if (hosts.length !== 1 || host === '' || /[\s,]/.test(host)) {
      throw new HttpProblem(400, 'invalid_host', 'A request names exactly one host.')
    }
    const isOurs = (authority: string) => allowed.includes(authority) || isOwnAddress(authority, socket)
    const { authority }: { authority?: string } = context.state
    if (!isOurs(host.toLowerCase()) || !(authority === undefined || isOurs(authority.toLowerCase()))) {
      throw new HttpProblem(421, 'host_not_allowed', 'This server does not answer for that host.')
    }
    return next()
  }
}

function isOwnAddress(
  authority: string,
  { localAddress = '', localPort }: { localAddress?: string | undefined; localPort?: number | undefined },
): boolean {
  const [, name = '', port = '80'] = /^(.*?)(?::([1-9]\d{0,4}))?$/.exec(authority) ?? []
  const arrivedAt = localAddress.includes('.') ? localAddress.replace('::ffff:', '') : `[${localAddress}]`
  return (LOOPBACK_NAMES.test(name) || name === arrivedAt) && Number(port) === localPort
}
