import type Router from '@koa/router'
import type { Middleware } from 'koa'
import { HttpProblem } from '../../http-problem.js'

const KNOWN: readonly string[] = ['GET', 'HEAD', 'POST']

/**
 * Answers OPTIONS, which only says what there is, to anybody; and refuses methods that a call does not have.
 * A path that is no call may be a file, which can be read.
 */
export function guardMethods(router: Router): Middleware {
  return (context, next) => {
    const { path: called, route: isCall } = router.match(context.path, context.method)
    const isKnown = called.length > 0 ? isCall : KNOWN.includes(context.method)
    if (isKnown && context.method !== 'OPTIONS') return next()
    const methods = called.length > 0 ? called.flatMap(({ methods }) => methods) : ['GET', 'HEAD']
    const allow = [...new Set(methods)].toSorted().join(', ')
    if (context.method !== 'OPTIONS') {
      throw new HttpProblem(405, 'method_not_allowed', 'This method is not allowed here.', {
        headers: { Allow: allow },
      })
    }
    context.status = 204
    context.set('Allow', allow)
    return undefined
  }
}
