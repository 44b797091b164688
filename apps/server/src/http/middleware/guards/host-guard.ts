import type { Context, Middleware } from 'koa'
import { problem } from '../../errors.js'

/** What this machine calls itself. */
const LOOPBACK_NAMES = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/
const PROBES: readonly string[] = ['/healthz', '/readyz']

/**
 * Serves requests to this server's own hosts only: the machine's loopback names and the address at which the
 * connection arrived, both with the server's port, and the hosts in `allowed`, compared verbatim. Rejects a
 * foreign name that was pointed at this machine (DNS rebinding).
 *
 * Probes in HTTP/1.0 need no `Host`, which that version does not have: load balancers send them. No browser does.
 */
export function guardHost(allowed: readonly string[]): Middleware {
  return function hostGuard(context, next) {
    const { headers, rawHeaders, socket } = context.req
    const { host = '' } = headers
    const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host')
    const hasNoHost = hosts.length === 0 && isOldProbe(context)
    if (!hasNoHost && (hosts.length !== 1 || host === '' || /[\s,]/.test(host))) throw problem('invalid_host')
    const isServed = (name: string) => allowed.includes(name) || isOwnAddress(name, socket)
    const { authority }: { authority?: string } = context.state
    const names = [...(hasNoHost ? [] : [host]), ...(authority === undefined ? [] : [authority])]
    const foreign = names.find((name) => !isServed(name.toLowerCase()))
    if (foreign !== undefined) {
      throw problem('host_not_allowed', { logged: { host: foreign, setting: 'GITMSG_ALLOWED_HOSTS' } })
    }
    return next()
  }
}

function isOldProbe({ req, method, path }: Context): boolean {
  return req.httpVersion === '1.0' && (method === 'GET' || method === 'HEAD') && PROBES.includes(path)
}

function isOwnAddress(
  authority: string,
  { localAddress = '', localPort }: { localAddress?: string | undefined; localPort?: number | undefined },
): boolean {
  const [, name = '', port = '80'] = /^(.*?)(?::([1-9]\d{0,4}))?$/.exec(authority) ?? []
  const arrivedAt = localAddress.includes('.') ? localAddress.replace('::ffff:', '') : `[${localAddress}]`
  return (LOOPBACK_NAMES.test(name) || name === arrivedAt) && Number(port) === localPort
}
