import type Router from '@koa/router'
import type { Middleware } from 'koa'
import { problem } from '../../errors.js'

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
