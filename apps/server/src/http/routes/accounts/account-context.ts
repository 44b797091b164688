import type { Grant } from '@gitmsg/accounts'
import type { RouterContext } from '@koa/router'
import type { Logger } from 'pino'
import type { Identity } from '../../../access/access.js'
import { problem } from '../../errors.js'
import { describeClient } from '../../middleware/guards/peer-guard.js'

/** What the account endpoints share: who makes the request, where its links lead, and what is logged. */

/**
 * The account of a request.
 *
 * @throws {HttpError} `account_required` if its token is one of the tokens file
 */
export function accountOf({ state }: RouterContext): Grant {
  const { account }: Identity = state.token
  if (!account) throw problem('account_required')
  return account
}

/**
 * The account of a request that is made with a session: an access token must not make itself another one, or lock its
 * owner out.
 *
 * @throws {HttpError} `account_required`, `session_required`
 */
export function sessionOf(context: RouterContext): Grant {
  const account = accountOf(context)
  if (account.token.kind !== 'session') throw problem('session_required')
  return account
}

/** Whether a request has the rights of an admin. */
export const isAdmin = ({ state }: RouterContext): boolean =>
  (state.token as Identity).scopes.includes('admin')

const NUMBER = /^[1-9]\d{0,14}$/

/**
 * The number in the path of a request.
 *
 * @throws {HttpError} `not_found` if it is not one
 */
export function numberOf({ params }: RouterContext, what: string): number {
  if (NUMBER.test(String(params.id))) return Number(params.id)
  throw notFound(what)
}

export const notFound = (what: string) => problem('not_found', { message: `There is no such ${what}.` })

/**
 * A link to the page, with its secret in the fragment, which no server sees. Without a setting it leads where the page
 * is that asks for it, or where the request arrived.
 */
export function linkWith({ headers }: RouterContext, secret: string, publicUrl: string | null): string {
  const { host = '', origin = '' } = headers
  const isOwn = URL.canParse(origin) && new URL(origin).host === host.toLowerCase()
  return `${publicUrl ?? (isOwn ? `${origin}/` : `http://${host}/`)}#${secret}`
}

/** What a person was recognized by when signing in. */
export type SignInWay = 'password' | 'provider' | 'invitation' | 'registration' | 'reset link'

/** What happens to the sessions of an account. */
interface SessionEvent {
  readonly account: string
  readonly event: 'signed in' | 'signed out' | 'password changed'
  readonly way?: SignInWay
}

/**
 * Logs what happens to sessions. Attempts that fail are logged like other denied requests, without the handle: it may be
 * a password in the wrong field.
 */
export function logSession(context: RouterContext, logger: Logger, { event, ...fields }: SessionEvent): void {
  logger.info({ ...describeClient(context), ...fields }, event)
}
