import type { Middleware } from 'koa'
import { HttpProblem } from '../http-problem.js'
import { SECRET_SHAPE } from '../../access/access-token.js'
import type { Tokens } from '../../access/open-tokens.js'

const BEARER = /^Bearer +([\w.~+/=-]+)$/i
/** Of letters only: what else may stand between and behind them differs. */
const NAME_OF_A_TOKEN = /^(?:auth|authorization|bearer|jwt|apikey|.*token)$/

/**
 * Finds out whose request it is, from `Authorization: Bearer` and nothing else; `context.state.token` has the
 * token. A token in an address is refused, whether or not tokens are used here: addresses end up in logs.
 */
export function identifyBearer(tokens: Tokens | null): Middleware {
  return (context, next) => {
    if (hasToken(context.querystring)) {
      throw new HttpProblem(400, 'invalid_query', 'A token never belongs in an address.')
    }
    const secret = BEARER.exec(context.get('Authorization'))?.[1]
    context.state.token = secret && tokens ? tokens.find(secret) : null
    return next()
  }
}

function hasToken(querystring: string): boolean {
  return [...new URLSearchParams(querystring)].some(
    ([name, value]) =>
      NAME_OF_A_TOKEN.test(name.toLowerCase().replace(/[^a-z]/g, '')) ||
      SECRET_SHAPE.test(name) ||
      SECRET_SHAPE.test(value),
  )
}
