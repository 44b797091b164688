import { type Accounts, type NewCredential, SCOPES, type Session } from '@gitmsg/accounts'
import type { Router, RouterContext } from '@koa/router'
import type { Logger } from 'pino'
import type { AccountsConfig } from '../../../config/server-config.js'
import { problem } from '../../errors.js'
import { rejectWhileDraining } from '../../middleware/guards/capacity-guard.js'
import type { SignInLimits } from '../../middleware/guards/sign-in-limits.js'
import type { RequireScope } from '../../middleware/guards/token-guard.js'
import { readJson } from '../../middleware/read-json.js'
import { ACCOUNT_BODIES } from '../../openapi/accounts/account-schemas.js'
import type { ApiResponse } from '../../openapi/schemas.js'
import { parseBody } from '../../parse-body.js'
import { accountOf, logSession, type SignInWay, sessionOf } from './account-context.js'
import { toApiAccount, toApiSession } from './api-account.js'
import type { HasPosted } from './earlier-senders.js'

/** What the endpoints of accounts run on. */
export interface AccountDependencies {
  readonly accounts: Accounts
  readonly config: AccountsConfig
  readonly logger: Logger
  readonly requireScope: RequireScope
  readonly signInLimits: SignInLimits
  /** True once a shutdown has started. */
  readonly isDraining: () => boolean
  /** Called after tokens may have become invalid, so that live connections end at once. */
  readonly onRevoked: () => void
  readonly hasPosted: HasPosted
}

/** The endpoints with which people sign in, and manage their own account. */
export function addSessionRoutes(router: Router, dependencies: AccountDependencies): void {
  const { accounts, config, logger, requireScope, signInLimits } = dependencies
  const { isDraining, onRevoked, hasPosted } = dependencies
  const drain = rejectWhileDraining(isDraining)
  const signedIn = requireScope(...SCOPES)

  router.get('/auth', getWays)
  router.post('/session', drain, readJson, signIn)
  router.delete('/session', signedIn, drain, signOut)
  router.get('/account', signedIn, getAccount)
  router.put('/account/password', signedIn, drain, readJson, changePassword)
  router.post('/join', drain, readJson, join)
  router.post('/reset', drain, readJson, reset)

  function getWays(context: RouterContext): void {
    const ways = { oidc: config.oidc !== null, registration: config.isOpen }
    context.body = ways satisfies ApiResponse<'SignInWays'>
  }

  async function signIn(context: RouterContext): Promise<void> {
    const credentials = parseBody(ACCOUNT_BODIES.SignIn, context.request.body)
    const attempt = () => accounts.signIn(credentials)
    const session = await signInLimits.withPassword(context, credentials.handle, attempt)
    enter(context, session, 'password')
  }

  async function signOut(context: RouterContext): Promise<void> {
    const { handle, token } = sessionOf(context)
    await accounts.tokens.revoke(token.id, { actor: handle })
    onRevoked()
    logSession(context, logger, { event: 'signed out', account: handle })
    context.status = 204
  }

  async function getAccount(context: RouterContext): Promise<void> {
    const { handle, scopes } = accountOf(context)
    const account = await accounts.find(handle)
    // Accounts are never deleted.
    if (!account) throw problem('not_found')
    context.body = { ...toApiAccount(account), scopes: [...scopes] } satisfies ApiResponse<'OwnAccount'>
  }

  async function changePassword(context: RouterContext): Promise<void> {
    const { handle, token } = sessionOf(context)
    const body = parseBody(ACCOUNT_BODIES.PasswordChange, context.request.body)
    const { current_password: current, new_password: password } = body
    const attempt = () => accounts.changePassword({ handle, current, password, keep: token.id })
    await signInLimits.withPassword(context, handle, attempt)
    onRevoked()
    logSession(context, logger, { event: 'password changed', account: handle })
    context.status = 204
  }

  async function join(context: RouterContext): Promise<void> {
    const { link = null, handle, ...rest } = parseBody(ACCOUNT_BODIES.Joining, context.request.body)
    const credential = toCredential(rest)
    if (link === null && !config.isOpen) throw problem('missing_field', { field: 'link' })
    const joining = { link, handle, isTaken: hasPosted, ...credential }
    const session = await signInLimits.withoutPassword(context, () => accounts.join(joining))
    enter(context, session, link === null ? 'registration' : 'invitation')
  }

  async function reset(context: RouterContext): Promise<void> {
    const { link, ...rest } = parseBody(ACCOUNT_BODIES.PasswordReset, context.request.body)
    const credential = toCredential(rest)
    const attempt = () => accounts.reset({ link, ...credential })
    const session = await signInLimits.withoutPassword(context, attempt)
    onRevoked()
    enter(context, session, 'reset link')
  }

  function enter(context: RouterContext, session: Session, way: SignInWay): void {
    logSession(context, logger, { event: 'signed in', account: session.account.handle, way })
    context.status = 201
    context.body = toApiSession(session) satisfies ApiResponse<'Session'>
  }
}

/** @throws {HttpError} `missing_field`, `invalid_value` */
function toCredential(body: { password?: string | undefined; identity?: string | undefined }): NewCredential {
  const { password, identity } = body
  if (password !== undefined && identity !== undefined) throw problem('invalid_value', { field: 'identity' })
  if (identity !== undefined) return { identity }
  if (password === undefined) throw problem('missing_field', { field: 'password' })
  return { password }
}
