import type { Middleware } from 'koa'
import { SECRET_SHAPE } from '../../access/access-token.js'
import type { Tokens } from '../../access/open-tokens.js'
import { problem } from '../errors.js'

const BEARER = /^Bearer +([\w.~+/=-]+)$/i
/** Compared with a parameter's letters only: `access-token`, `access_token` and `accessToken` are the same. */
const TOKEN_PARAMETER = /^(?:auth|authorization|bearer|jwt|apikey|.*token)$/

/**
 * Sets `context.state.token` to the token of `Authorization: Bearer`, or `null` if there is none or it is not
 * valid. A token in the URL is rejected even if the server uses no tokens: URLs end up in logs.
 */
export function authenticate(tokens: Tokens | null): Middleware {
  return function authenticateRequest(context, next) {
    if (hasToken(context.querystring)) {
      throw problem('invalid_query', { message: 'Access tokens must not be sent in the URL.' })
    }
    const secret = BEARER.exec(context.get('Authorization'))?.[1]
    context.state.token = secret && tokens ? tokens.find(secret) : null
    return next()
  }
}

function hasToken(querystring: string): boolean {
  return [...new URLSearchParams(querystring)].some(
    ([name, value]) =>
      TOKEN_PARAMETER.test(name.toLowerCase().replace(/[^a-z]/g, '')) ||
      SECRET_SHAPE.test(name) ||
      SECRET_SHAPE.test(value),
  )
}
