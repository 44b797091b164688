import type { Context, Middleware } from 'koa'
import { type AccessToken, type Scope, SECRET_SHAPE } from '../../../access/access-token.js'
import type { Tokens } from '../../../access/open-tokens.js'
import { type HttpError, problem } from '../../errors.js'

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

/** Makes the guard of an endpoint: it rejects requests without a token that has the scope. */
export type RequireScope = (scope: Scope) => Middleware

/** Without tokens every endpoint is open: the server listens on loopback only. */
export function createScopeGuard(usesTokens: boolean): RequireScope {
  if (!usesTokens) return () => (_context, next) => next()
  return (scope) =>
    function scopeGuard(context, next) {
      const token: AccessToken | null = context.state.token
      if (!token) throw unauthorized(context)
      if (!token.scopes.includes(scope)) throw insufficientScope(scope)
      return next()
    }
}

const CHALLENGE = 'Bearer realm="gitmsg"'

function unauthorized(context: Context): HttpError {
  if (!context.get('Authorization')) {
    return problem('missing_token', { headers: { 'WWW-Authenticate': CHALLENGE } })
  }
  return problem('invalid_token', {
    headers: { 'WWW-Authenticate': `${CHALLENGE}, error="invalid_token"` },
  })
}

function insufficientScope(scope: Scope): HttpError {
  return problem('insufficient_scope', {
    message: `This endpoint requires an access token with the scope ${scope}.`,
    headers: { 'WWW-Authenticate': `${CHALLENGE}, error="insufficient_scope", scope="${scope}"` },
  })
}

/** Rejects messages of any sender but the one that the token is bound to. Comes after the body has been read. */
export const bindSender: Middleware = (context, next) => {
  const token: AccessToken | null = context.state.token
  const sender = (context.request.body as { sender?: unknown } | null)?.sender
  // The engine rejects a sender that is not a string.
  if (token?.sender !== undefined && typeof sender === 'string' && sender !== token.sender) {
    throw problem('sender_not_allowed', { field: 'sender' })
  }
  return next()
}
