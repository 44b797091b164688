import type { openFakeProvider } from '@gitmsg/test-provider'
import { type AccountServerOptions, openAccountServer } from '../servers/open-account-server.js'
import { openBrowser } from './open-browser.js'

type Provider = Awaited<ReturnType<typeof openFakeProvider>>

/** A server whose people sign in at a provider. */
export async function openProviderServer(provider: Provider, options: AccountServerOptions = {}) {
  const accountsConfig = { oidc: provider.config, ...options.accountsConfig }
  const server = await openAccountServer({ ...options, accountsConfig })
  return {
    ...server,
    /** Creates an account for the identity that signs in unless a test says otherwise. */
    async link(handle: string): Promise<void> {
      const identity = { issuer: provider.issuer, subject: 'person-1' }
      const { secret } = await server.accounts.links.proveIdentity(identity)
      await server.accounts.join({ link: null, handle, identity: secret })
    },
    browser: () => openBrowser(server.request),
  }
}
