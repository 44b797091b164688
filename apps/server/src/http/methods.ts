import type Router from '@koa/router'
import type { Middleware } from 'koa'
import { HttpProblem } from './http-problem.js'

const KNOWN: readonly string[] = ['GET', 'HEAD', 'OPTIONS', 'POST']

/**
 * Answers OPTIONS, which only says what there is, to anybody; and refuses methods that a call does not have.
 * A path that is no call may be a file, which can be read.
 */
export function guardMethods(router: Router): Middleware {
  return (context, next) => {
    const called = router.match(context.path, context.method).path.flatMap(({ methods }) => methods)
    const methods = new Set(called.length > 0 ? called : ['GET', 'HEAD'])
    const allow = [...methods].toSorted().join(', ')
    if (context.method === 'OPTIONS') {
      context.status = 204
      context.set('Allow', allow)
      return
    }
    const isKnown = called.length > 0 ? methods.has(context.method) : KNOWN.includes(context.method)
    if (isKnown) return next()
    throw new HttpProblem(405, 'method_not_allowed', 'This method is not allowed here.', {
      headers: { Allow: allow },
    })
  }
}
