import type { Context, Middleware } from 'koa'
import { HttpProblem } from '../../http-problem.js'
import type { AccessToken, Scope } from '../../../access/access-token.js'

/** Makes the guard of a call: who comes without a token that has the scope is refused. */
export type RequireScope = (scope: Scope) => Middleware

/** Guards calls where tokens are used; elsewhere they are open to everybody who gets that far. */
export function createScopeGuard(tokensAreUsed: boolean): RequireScope {
  if (!tokensAreUsed) return () => (_context, next) => next()
  return (scope) => (context, next) => {
    const token: AccessToken | null = context.state.token
    if (!token) throw unauthorized(context)
    if (!token.scopes.includes(scope)) {
      throw new HttpProblem(403, 'insufficient_scope', `The token lacks the scope ${scope}.`, {
        headers: { 'WWW-Authenticate': `${REALM}, error="insufficient_scope", scope="${scope}"` },
      })
    }
    return next()
  }
}

const REALM = 'Bearer realm="gitmsg"'

function unauthorized(context: Context): HttpProblem {
  if (!context.get('Authorization')) {
    const headers = { 'WWW-Authenticate': REALM }
    return new HttpProblem(401, 'missing_token', 'This call needs an access token.', { headers })
  }
  const headers = { 'WWW-Authenticate': `${REALM}, error="invalid_token"` }
  return new HttpProblem(401, 'invalid_token', 'The access token is not valid.', { headers })
}
