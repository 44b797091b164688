import type { Context } from 'koa'
import { FLOW_SECONDS } from '../../../oidc/flow.js'

/**
 * The cookie that binds a sign-in at the provider to the browser that started it. It proves no session: all it is good
 * for is to redeem the one code that this flow leads to.
 *
 * It must arrive with a navigation that begins at the provider, so it is `Lax`. Over https its name has the prefix that
 * no other host and no page without TLS can set.
 */

const NAME = 'gitmsg-sign-in'

/** @param redirectUri where the cookie is needed */
export function setFlowCookie(context: Context, redirectUri: URL, secret: string): void {
  const lifetime = secret === '' ? 0 : FLOW_SECONDS
  const { protocol, pathname } = redirectUri
  const scope = protocol === 'https:' ? 'Path=/; Secure' : `Path=${pathname}`
  const attributes = `Max-Age=${lifetime}; ${scope}; HttpOnly; SameSite=Lax`
  context.append('Set-Cookie', `${nameOf(redirectUri)}=${secret}; ${attributes}`)
}

/** The secret in the cookie; empty if there is none. */
export const readFlowCookie = (context: Context, redirectUri: URL): string =>
  context.cookies.get(nameOf(redirectUri)) ?? ''

export const clearFlowCookie = (context: Context, redirectUri: URL): void =>
  setFlowCookie(context, redirectUri, '')

const nameOf = ({ protocol }: URL): string => (protocol === 'https:' ? `__Host-${NAME}` : NAME)
