import type { Middleware } from 'koa'
import { HttpProblem } from '../http-problem.js'

/** Visible ASCII without a fragment: of anything else, each library makes something else. */
const PATH = /^(?:\/[!"$-~]*|\*)$/

/**
 * Makes a path of whatever a request is directed to; everything after this sees only paths. Where the target
 * was a whole URL, `context.state.authority` has the host in it, empty where there is none to be allowed.
 */
export const readTarget: Middleware = (context, next) => {
  const { authority, path } = parseTarget(context.url)
  const isPath = PATH.test(path)
  context.state.authority = authority
  context.url = isPath ? path : '/'
  if (!isPath) throw new HttpProblem(400, 'invalid_request', 'The address is not valid.')
  return next()
}

function parseTarget(target: string): { authority?: string; path: string } {
  if (target.startsWith('/') || target === '*') return { path: target }
  const [, authority = '', path = ''] = /^http:\/\/([^/?#]*)(.*)$/is.exec(target) ?? []
  return { authority, path: path.startsWith('/') ? path : `/${path}` }
}
