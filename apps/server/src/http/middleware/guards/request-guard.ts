import type Router from '@koa/router'
import type { Middleware } from 'koa'
import { problem } from '../../errors.js'

/** Visible ASCII without a fragment: libraries disagree about everything else. */
const PATH = /^(?:\/[!"$-~]*|\*)$/

/**
 * Reduces `context.url` to a path with its query, so that nothing further in sees any other form of request
 * target. If the target was an absolute URL, `context.state.authority` is its host; empty if that is missing or
 * the scheme is not http.
 */
export const normalizeUrl: Middleware = (context, next) => {
  const { authority, path } = parseTarget(context.url)
  const isPath = PATH.test(path)
  context.state.authority = authority
  context.url = isPath ? path : '/'
  if (!isPath) throw problem('invalid_request', { message: 'The request URL is not valid.' })
  return next()
}

function parseTarget(target: string): { authority?: string; path: string } {
  if (target.startsWith('/') || target === '*') return { path: target }
  const [, authority = '', path = ''] = /^http:\/\/([^/?#]*)(.*)$/is.exec(target) ?? []
  return { authority, path: path.startsWith('/') ? path : `/${path}` }
}

const MAX_HEADERS = 64
/** Node.js accepts others. */
const HTTP_VERSIONS: readonly string[] = ['1.0', '1.1']

/** Headers that must not be repeated: Node.js keeps one or joins them, and a proxy may do otherwise. */
const UNIQUE_HEADERS: readonly string[] = [
  'authorization',
  'content-encoding',
  'content-type',
  'expect',
  'idempotency-key',
  'if-match',
  'origin',
  'sec-fetch-site',
]

/** Rejects other HTTP versions, too many or repeated headers, and unsupported expectations. */
export const guardRequest: Middleware = (context, next) => {
  if (!HTTP_VERSIONS.includes(context.req.httpVersion)) {
    throw problem('invalid_request', { message: 'The request must be HTTP/1.1.' })
  }
  const names = context.req.rawHeaders.filter((_, index) => index % 2 === 0)
  if (names.length > MAX_HEADERS) throw problem('headers_too_large')
  const unique = names.map((name) => name.toLowerCase()).filter((name) => UNIQUE_HEADERS.includes(name))
  if (new Set(unique).size < unique.length) {
    throw problem('invalid_header', { message: 'A header is repeated.' })
  }
  const expectation = context.get('Expect')
  if (expectation && expectation.toLowerCase() !== '100-continue') throw problem('expectation_failed')
  return next()
}

/** Methods that reach the routes and the web files. */
const METHODS: readonly string[] = ['GET', 'HEAD', 'POST']
/** Methods of a path that is not an endpoint: it may be a file. */
const FILE_METHODS: readonly string[] = ['GET', 'HEAD']

/** Responds to OPTIONS with the methods of the path, and rejects methods that the path does not have. */
export function guardMethods(router: Router): Middleware {
  return function methodGuard(context, next) {
    const { path: layers, route: isRoute } = router.match(context.path, context.method)
    const isAllowed = layers.length > 0 ? isRoute : METHODS.includes(context.method)
    if (isAllowed && context.method !== 'OPTIONS') return next()
    const methods = layers.length > 0 ? layers.flatMap((layer) => layer.methods) : FILE_METHODS
    const allow = [...new Set(methods)].toSorted().join(', ')
    if (context.method !== 'OPTIONS') throw problem('method_not_allowed', { headers: { Allow: allow } })
    context.status = 204
    context.set('Allow', allow)
    return undefined
  }
}
