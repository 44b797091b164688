import { AccountsError, type Session } from '@gitmsg/accounts'
import type { Router, RouterContext } from '@koa/router'
import type { OidcConfig } from '../../../config/server-config.js'
import { createRecentMap } from '../../../limits/policies.js'
import { type Flow, hasState, readFlow, startFlow } from '../../../oidc/flow.js'
import { createProvider, type Person } from '../../../oidc/provider.js'
import { ProviderError } from '../../../oidc/provider-error.js'
import { problem } from '../../errors.js'
import { rejectWhileDraining } from '../../middleware/guards/capacity-guard.js'
import { logSession } from './account-context.js'
import { clearFlowCookie, readFlowCookie, setFlowCookie } from './flow-cookie.js'
import type { AccountDependencies } from './session-routes.js'

interface Dependencies extends AccountDependencies {
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number
}

const CALLBACK = '/auth/oidc/callback'
/** The page, from the callback, also below the path of a proxy. */
const PAGE = '../../'
/** How many used flows are remembered; the provider accepts none of their codes again anyway. */
const MAX_USED_FLOWS = 10_000

/** The endpoints that lead to the OpenID provider and back. Without a provider there are none. */
export function addProviderRoutes(router: Router, oidc: OidcConfig, dependencies: Dependencies): void {
  const { accounts, config, logger, signInLimits, isDraining, hasPosted, monotonic } = dependencies
  const drain = rejectWhileDraining(isDraining)
  const provider = createProvider(oidc, { monotonic })
  const usedFlows = createRecentMap<true>(MAX_USED_FLOWS)

  router.get('/auth/oidc', drain, leave)
  router.get(CALLBACK, drain, comeBack)

  async function leave(context: RouterContext): Promise<void> {
    const redirectUri = redirectUriOf(context)
    const { secret, flow } = startFlow(Date.now())
    const url = await provider.authorizationUrl(flow, redirectUri.href).catch(rethrow)
    setFlowCookie(context, redirectUri, secret)
    redirect(context, url)
  }

  async function comeBack(context: RouterContext): Promise<void> {
    const redirectUri = redirectUriOf(context)
    const flow = readFlow(readFlowCookie(context, redirectUri), Date.now())
    const secret = await signInLimits
      .withoutPassword(context, async () => {
        const person = await provider.identify(useFlow(context, flow), callbackUrl(context, redirectUri))
        return enter(context, person)
      })
      .catch(rethrow)
    clearFlowCookie(context, redirectUri)
    redirect(context, `${PAGE}#${secret}`)
  }

  /** Only the browser that started a flow can finish it, and once: nothing else can sign its person in. */
  function useFlow({ query }: RouterContext, flow: Flow | null): Flow {
    const { state } = query
    const isOwn = flow !== null && typeof state === 'string' && hasState(flow, state)
    if (!isOwn || usedFlows.get(flow.state)) throw problem('sign_in_ended')
    usedFlows.set(flow.state, true)
    return flow
  }

  /**
   * Starts the session of the person's account, and resolves with its token. If there is no account, it is made where
   * registration is open and the name is free; otherwise the result is a proof of the identity, to join or reset with.
   */
  async function enter(context: RouterContext, person: Person): Promise<string> {
    const { issuer, subject, preferredName = '' } = person
    const session = await accounts.signInWithIdentity({ issuer, subject })
    if (session) return welcome(context, session)
    const { secret: identity } = await accounts.links.proveIdentity({ issuer, subject })
    if (!config.isOpen) return identity
    const joining = { link: null, handle: preferredName, isTaken: hasPosted, identity }
    const joined = await accounts.join(joining).catch((error: unknown) => {
      if (isAboutHandle(error)) return null
      throw error
    })
    return joined ? welcome(context, joined) : identity
  }

  function welcome(context: RouterContext, { token, account }: Session): string {
    logSession(context, logger, { event: 'signed in', account: account.handle, way: 'provider' })
    return token
  }

  function redirectUriOf({ headers: { host } }: RouterContext): URL {
    const page = config.publicUrl ?? `http://${host}/`
    return new URL(CALLBACK.slice(1), page)
  }
}

const isAboutHandle = (error: unknown): boolean =>
  error instanceof AccountsError && (error.code === 'handle-taken' || error.code === 'invalid-handle')

/** The callback as the provider knows it: behind a proxy the request has another path, or no TLS. */
function callbackUrl({ search }: RouterContext, redirectUri: URL): URL {
  const url = new URL(redirectUri)
  url.search = search
  return url
}

/** Without the body that names the target, which may have a secret. */
function redirect(context: RouterContext, target: string): void {
  context.status = 302
  context.set('Location', target)
  context.body = ''
}

/** @throws {HttpError} `provider_unavailable`, `sign_in_failed`, or what else was thrown */
function rethrow(error: unknown): never {
  if (error instanceof ProviderError) {
    const { code, message: reason } = error
    throw problem(code === 'unavailable' ? 'provider_unavailable' : 'sign_in_failed', { logged: { reason } })
  }
  if (error instanceof AccountsError && error.code === 'invalid-credentials') {
    throw problem('sign_in_failed', { message: 'The account is disabled.', logged: { reason: 'disabled' } })
  }
  throw error
}
