import type { Middleware } from 'koa'
import { problem } from '../errors.js'

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
