import type { Middleware } from 'koa'
import { HttpProblem } from '../http/http-problem.js'
import { SECRET_SHAPE } from './access-token.js'
import type { Tokens } from './open-tokens.js'

const BEARER = /^Bearer +([\w.~+/=-]+)$/i
const NAMES_OF_TOKENS = /(?:^|&)(?:access_?token|api_?key|auth(?:orization)?|bearer|token)=/i

/**
 * Finds out whose request it is, from `Authorization: Bearer` and nothing else; `context.state.token` has the
 * token. A token in an address is refused, whether or not tokens are used here: addresses end up in logs.
 */
export function identifyBearer(tokens: Tokens | null): Middleware {
  return (context, next) => {
    const { querystring } = context
    if (NAMES_OF_TOKENS.test(querystring) || SECRET_SHAPE.test(querystring)) {
      throw new HttpProblem(400, 'invalid_query', 'A token never belongs in an address.')
    }
    const secret = BEARER.exec(context.get('Authorization'))?.[1]
    context.state.token = secret && tokens ? tokens.find(secret) : null
    return next()
  }
}
