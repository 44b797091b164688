import type { Identity } from '@gitmsg/accounts'
import type { ClientAuth, Configuration } from 'openid-client'
import type { OidcConfig } from '../config/server-config.js'
import type { Flow } from './flow.js'
import { ProviderError, toProviderError } from './provider-error.js'

/** Who the provider says a person is. */
export interface Person extends Identity {
  /** What the person is called there, which may change and is not unique. */
  readonly preferredName: string | undefined
}

/** An OpenID provider, at which people sign in with the authorization code flow. */
export interface Provider {
  /**
   * Where to send a person.
   *
   * @throws ProviderError `unavailable`
   */
  authorizationUrl(flow: Flow, redirectUri: string): Promise<string>
  /**
   * Redeems the code of a callback, and checks everything that comes with it: state, issuer, audience, times, nonce,
   * and the signature of the ID token.
   *
   * @param callback the redirect URI, with the query that the provider added
   * @throws ProviderError `unavailable`, `rejected`
   */
  identify(flow: Flow, callback: URL): Promise<Person>
}

const TIMEOUT_SECONDS = 10
/** How long the provider's description of itself is good for. */
const DISCOVERY_MS = 60 * 60 * 1000

/** What a provider is reached with. */
export interface ProviderOptions {
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number
  /** How long it may take for one response. Default: 10. */
  readonly timeoutSeconds?: number
}

/** Creates a provider. It is not contacted before the first person signs in, so a server starts without it. */
export function createProvider(
  config: OidcConfig,
  { monotonic, timeoutSeconds = TIMEOUT_SECONDS }: ProviderOptions,
): Provider {
  let discovered: { readonly at: number; readonly configuration: Promise<Configuration> } | undefined

  function discover(): Promise<Configuration> {
    const now = monotonic()
    if (discovered && now - discovered.at < DISCOVERY_MS) return discovered.configuration
    const current = { at: now, configuration: discoverProvider(config, timeoutSeconds) }
    discovered = current
    current.configuration.catch(() => {
      if (discovered === current) discovered = undefined
    })
    return current.configuration
  }

  return {
    async authorizationUrl({ state, nonce, codeVerifier }, redirectUri) {
      const { buildAuthorizationUrl, calculatePKCECodeChallenge } = await import('openid-client')
      return buildAuthorizationUrl(await discover(), {
        ...{ response_type: 'code', scope: 'openid profile', redirect_uri: redirectUri, state, nonce },
        code_challenge: await calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
      }).href
    },

    async identify({ state, nonce, codeVerifier }, callback) {
      const { authorizationCodeGrant } = await import('openid-client')
      const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: codeVerifier }
      const configuration = await discover()
      try {
        const tokens = await authorizationCodeGrant(configuration, callback, {
          ...checks,
          idTokenExpected: true,
        })
        const claims = tokens.claims()
        if (!claims) throw new Error('the response has no ID token')
        const { iss: issuer, sub: subject, preferred_username: name } = claims
        return { issuer, subject, preferredName: typeof name === 'string' ? name : undefined }
      } catch (error) {
        throw toProviderError(error)
      }
    },
  }
}

async function discoverProvider(
  { issuer, clientId, clientSecret }: OidcConfig,
  timeout: number,
): Promise<Configuration> {
  const client = await import('openid-client')
  const { allowInsecureRequests, discovery, enableNonRepudiationChecks } = client
  const server = new URL(issuer)
  // Settings allow it on loopback only.
  const isInsecure = server.protocol === 'http:'
  try {
    return await discovery(server, clientId, undefined, authenticate(client, clientSecret), {
      timeout,
      // By default the ID token's signature would not be checked, because it comes from the provider directly.
      execute: [enableNonRepudiationChecks, ...(isInsecure ? [allowInsecureRequests] : [])],
    })
  } catch (error) {
    throw new ProviderError('unavailable', error)
  }
}

/** The method that providers use unless they say otherwise, if they have it. */
function authenticate(
  { ClientSecretBasic, ClientSecretPost, None }: typeof import('openid-client'),
  clientSecret: string | undefined,
): ClientAuth {
  if (clientSecret === undefined) return None()
  return (server, ...rest) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
    const method = methods.includes('client_secret_basic') ? ClientSecretBasic : ClientSecretPost
    return method(clientSecret)(server, ...rest)
  }
}
