import type { Context, Middleware } from 'koa'
import { type Access, type Identity, isOwnSender } from '../../../access/access.js'
import { type Scope, SECRET_SHAPE } from '../../../access/access-token.js'
import { CHALLENGE, type HttpError, problem } from '../../errors.js'

const BEARER = /^Bearer +([\w.~+/=-]+)$/i
/** Compared with a parameter's letters only: `access-token`, `access_token` and `accessToken` are the same. */
const TOKEN_PARAMETER = /^(?:auth|authorization|bearer|jwt|apikey|.*token)$/

/**
 * Sets `context.state.token` to who has the token of `Authorization: Bearer`, or `null` if there is none or it is not
 * valid. A token in the URL is rejected even if the server uses no tokens: URLs end up in logs.
 *
 * If it cannot be found out, because the database is away, only requests that need a token fail.
 */
export function authenticate(access: Access | null): Middleware {
  return async function authenticateRequest(context, next) {
    if (hasToken(context.querystring)) {
      throw problem('invalid_query', { message: 'Access tokens must not be sent in the URL.' })
    }
    const secret = BEARER.exec(context.get('Authorization'))?.[1]
    context.state.token = null
    try {
      if (secret && access) context.state.token = await access.identify(secret)
    } catch (error) {
      context.state.tokenError = error
    }
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
      const token: Identity | null = context.state.token
      if (context.state.tokenError) throw context.state.tokenError
      if (!token) throw unauthorized(context)
      if (!scopes.some((scope) => token.scopes.includes(scope))) {
        const message = `This endpoint requires an access token with the scope ${scopes.join(' or ')}.`
        throw insufficientScope(scopes[0], message)
      }
      return next()
    }
}

/** Lets requests without a token pass a guard. One that is not valid is still rejected. */
export function admitStrangers(guard: Middleware): Middleware {
  return function strangerGuard(context, next) {
    return context.get('Authorization') === '' ? next() : guard(context, next)
  }
}

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

/**
 * Rejects messages of senders that the token is not bound to, and of senders that could be mistaken for an account.
 * The sender of an account may be left out. Comes after the body has been read.
 *
 * @param isReserved whether a sender looks like the handle of an account
 */
export function bindSender(isReserved: (sender: string) => Promise<boolean>): Middleware {
  return async function senderGuard(context, next) {
    const token: Identity | null = context.state.token
    const body = context.request.body as { sender?: unknown } | null
    // Only an object can be a message; the engine rejects all else, and a sender that is not a string.
    if (token?.account && isObject(body) && body.sender === undefined) body.sender = token.sender
    const sender = isObject(body) ? body.sender : undefined
    if (token && typeof sender === 'string' && sender !== token.sender) {
      if (token.sender !== undefined && !isOwnSender(token, sender)) {
        throw problem('sender_not_allowed', { field: 'sender' })
      }
      if (await isReserved(sender)) throw problem('sender_reserved', { field: 'sender' })
    }
    return next()
  }
}

const isObject = (body: unknown): body is { sender?: unknown } =>
  typeof body === 'object' && body !== null && !Array.isArray(body)

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
  const token: Identity | null = state.token
  if (!token || token.scopes.includes('moderate')) return
  if (token.sender === undefined) throw insufficientScope('moderate', CHANGES_NEED_SENDER)
  const { sender } = await findMessage()
  if (!isOwnSender(token, sender)) throw problem('sender_not_allowed')
}

/** Who changes a message, if the token is one of a moderator; `undefined`: the sender does. */
export function moderatorOf({ state }: Context): string | undefined {
  const token: Identity | null = state.token
  return token?.scopes.includes('moderate') ? (token.sender ?? token.name) : undefined
}
