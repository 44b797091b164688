import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { createCodes, type Rejection } from './codes.js'
import { createIdTokens, type TokenSignature } from './id-tokens.js'

const CLIENT = { clientId: 'gitmsg', clientSecret: 'hunter2 & more' }
const REDIRECT_URI = /^https?:\/\/[^?#]+\/auth\/oidc\/callback$/

/** What a test can make the provider do otherwise, or wrong. */
export interface ProviderBehavior {
  /** What the ID token claims besides, and instead. */
  claims: Record<string, unknown>
  /** What the ID token is signed with. Default: the provider's own key. */
  signature: TokenSignature
  /** What it responds with instead of a code. */
  error: string | null
  /** The issuer in the callback; `null`: none. Default: its own. */
  iss: string | null | undefined
  /** Whether it redeems a code again. */
  isForgetful: boolean
  /** How the client proves itself at the token endpoint. Default: Basic authentication. */
  authentication: 'client_secret_basic' | 'client_secret_post' | 'none'
  /** Responds to every request with this status and nothing useful. */
  status: number | null
  /** What its description has instead. */
  metadata: Record<string, unknown>
}

/** An OpenID provider on loopback that signs everyone in at once: real HTTP, real signatures, real checks of PKCE. */
export async function openFakeProvider() {
  const behavior: ProviderBehavior = {
    ...{ claims: {}, signature: 'own', error: null, iss: undefined, isForgetful: false, status: null },
    ...{ authentication: 'client_secret_basic', metadata: {} },
  }
  const codes = createCodes()
  const requests: string[] = []
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', issuer)
    requests.push(url.pathname)
    const { authorization = '' } = request.headers
    const sent = { query: url.searchParams, authorization, body: new URLSearchParams(await text(request)) }
    const {
      status,
      location,
      body = {},
    } = behavior.status ? { status: behavior.status } : await route(url, sent)
    response.writeHead(status, { 'content-type': 'application/json', ...(location && { location }) })
    response.end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const idTokens = await createIdTokens()

  async function route({ pathname }: URL, sent: Sent): Promise<Reply> {
    if (pathname === '/.well-known/openid-configuration') return { status: 200, body: describe() }
    if (pathname === '/keys') return { status: 200, body: idTokens.keys }
    if (pathname === '/authorize') return authorize(sent)
    if (pathname === '/token') return redeem(sent)
    return { status: 404 }
  }

  const describe = () => ({
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    // More than a client should accept.
    id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
    authorization_response_iss_parameter_supported: true,
    token_endpoint_auth_methods_supported: [behavior.authentication],
    ...behavior.metadata,
  })

  function authorize({ query }: Sent): Reply {
    const read = (name: string) => query.get(name) ?? ''
    const isValid =
      read('client_id') === CLIENT.clientId &&
      read('response_type') === 'code' &&
      read('code_challenge_method') === 'S256' &&
      read('scope').split(' ').includes('openid') &&
      REDIRECT_URI.test(read('redirect_uri'))
    if (!isValid) return { status: 400 }
    const callback = new URL(read('redirect_uri'))
    const grant = { redirectUri: callback.href, challenge: read('code_challenge'), nonce: read('nonce') }
    if (behavior.error === null) callback.searchParams.set('code', codes.issue(grant))
    else callback.searchParams.set('error', behavior.error)
    callback.searchParams.set('state', read('state'))
    callback.searchParams.set('session_state', 'more')
    if (behavior.iss !== null) callback.searchParams.set('iss', behavior.iss ?? issuer)
    return { status: 302, location: callback.href }
  }

  async function redeem({ authorization, body }: Sent): Promise<Reply> {
    if (!isClient(behavior.authentication, { authorization, body }))
      return { status: 401, body: { error: 'invalid_client' } satisfies Rejection }
    const result = codes.redeem(body, { again: behavior.isForgetful })
    if ('error' in result) return { status: 400, body: result }
    const { clientSecret, clientId: aud } = CLIENT
    const claims = { iss: issuer, aud, sub: 'person-1', nonce: result.nonce, ...behavior.claims }
    const id_token = await idTokens.sign(claims, { signature: behavior.signature, clientSecret })
    return { status: 200, body: { access_token: 'unused', token_type: 'Bearer', id_token } }
  }

  return {
    issuer,
    behavior,
    /** The paths that were requested. */
    requests,
    config: { issuer, ...CLIENT },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

interface Sent {
  readonly query: URLSearchParams
  readonly authorization: string
  readonly body: URLSearchParams
}

interface Reply {
  readonly status: number
  readonly location?: string
  readonly body?: object
}

/** Whether a request comes from the client, and proves it in this way and no other. */
function isClient(
  method: ProviderBehavior['authentication'],
  { authorization, body }: Pick<Sent, 'authorization' | 'body'>,
): boolean {
  const { clientId, clientSecret } = CLIENT
  // Form-encoded parts (RFC 6749, 2.3.1).
  const encode = (part: string) => new URLSearchParams({ part }).toString().slice('part='.length)
  const basic = Buffer.from(`${encode(clientId)}:${encode(clientSecret)}`).toString('base64')
  const inBody = method === 'client_secret_basic' ? null : clientId
  return (
    authorization === (method === 'client_secret_basic' ? `Basic ${basic}` : '') &&
    body.get('client_id') === inBody &&
    body.get('client_secret') === (method === 'client_secret_post' ? clientSecret : null)
  )
}
