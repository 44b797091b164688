import type { Middleware } from 'koa'
import { problem } from '../../errors.js'

/** What this machine calls itself. */
const LOOPBACK_NAMES = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/**
 * Serves requests to this server's own hosts only: the machine's loopback names and the address at which the
 * connection arrived, both with the server's port, and the hosts in `allowed`, compared verbatim. Rejects a
 * foreign name that was pointed at this machine (DNS rebinding).
 */
export function guardHost(allowed: readonly string[]): Middleware {
  return function hostGuard(context, next) {
    const { headers, rawHeaders, socket } = context.req
    const { host = '' } = headers
    const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host')
    if (hosts.length !== 1 || host === '' || /[\s,]/.test(host)) throw problem('invalid_host')
    const isServed = (name: string) => allowed.includes(name) || isOwnAddress(name, socket)
    const { authority }: { authority?: string } = context.state
    if (!isServed(host.toLowerCase()) || !(authority === undefined || isServed(authority.toLowerCase()))) {
      throw problem('host_not_allowed')
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
