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

/** Makes the guard of an endpoint: it rejects requests without a token that has one of the scopes. */
export type RequireScope = (...scopes: [Scope, ...Scope[]]) => Middleware

/** Without tokens every endpoint is open: the server listens on loopback only. */
export function createScopeGuard(usesTokens: boolean): RequireScope {
  if (!usesTokens) return () => (_context, next) => next()
  return (...scopes) =>
    function scopeGuard(context, next) {
      const token: AccessToken | null = context.state.token
      if (!token) throw unauthorized(context)
      if (!scopes.some((scope) => token.scopes.includes(scope))) {
        const message = `This endpoint requires an access token with the scope ${scopes.join(' or ')}.`
        throw insufficientScope(scopes[0], message)
      }
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

function insufficientScope(scope: Scope, message: string): HttpError {
  return problem('insufficient_scope', {
    message,
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

const CHANGES_NEED_SENDER =
  'Changing messages requires an access token that is bound to their sender, or that has the scope moderate.'

/**
 * Rejects a change by a token that may not change this message: a token that is bound to a sender may change that
 * sender's messages, one with the scope `moderate` all. One that may post under any name proves no sender.
 */
export async function assertMayChange(
  { state }: Context,
  findMessage: () => Promise<{ readonly sender: string }>,
): Promise<void> {
  const token: AccessToken | null = state.token
  if (!token || token.scopes.includes('moderate')) return
  if (token.sender === undefined) throw insufficientScope('moderate', CHANGES_NEED_SENDER)
  const { sender } = await findMessage()
  if (token.sender !== sender) throw problem('sender_not_allowed')
}

/** Who changes a message, if the token is one of a moderator; `undefined`: the sender does. */
export function moderatorOf({ state }: Context): string | undefined {
  const token: AccessToken | null = state.token
  return token?.scopes.includes('moderate') ? (token.sender ?? token.name) : undefined
}
