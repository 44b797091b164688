import { openFakeProvider, type ProviderBehavior } from '@gitmsg/test-provider'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { secretOf } from '../../../testing/oidc/open-browser.js'
import { openProviderServer } from '../../../testing/oidc/open-provider-server.js'
import { openLog } from '../../../testing/open-log.js'
import {
  type AccountServerOptions,
  openAccountServer,
  outcomeOf,
} from '../../../testing/servers/open-account-server.js'

let provider: Awaited<ReturnType<typeof openFakeProvider>>
let defaults: ProviderBehavior
beforeAll(async () => {
  provider = await openFakeProvider()
  defaults = { ...provider.behavior }
})
beforeEach(() => {
  Object.assign(provider.behavior, defaults)
  provider.requests.length = 0
})
afterAll(() => provider[Symbol.asyncDispose]())

const openServer = (options?: AccountServerOptions) => openProviderServer(provider, options)

describe('signing in at the provider', () => {
  // Covers V6.8.1, V10.1.1, V10.5.2
  it('ends in the page, with a session of the account in the fragment', async () => {
    const log = openLog()
    await using server = await openServer({ logger: log.logger })
    await server.link('ada')
    expect((await server.as(null).get('/auth')).json).toMatchObject({ oidc: true })
    const browser = server.browser()
    const { status, headers, text } = await browser.signIn()
    expect([status, text, headers['cache-control'], headers['referrer-policy']]).toEqual([
      ...[302, '', 'no-store', 'no-referrer'],
    ])
    expect(headers.location).toMatch(/^\.\.\/\.\.\/#gitmsgs_[\w-]{43}$/)
    const secret = secretOf({ headers } as never)
    expect((await server.as(secret).get('/account')).json).toMatchObject({ handle: 'ada' })
    expect(browser.cookies.size).toBe(0)
    expect(log.lines()).toMatchObject([{ msg: 'signed in', account: 'ada', way: 'provider' }])
  })

  it('ends with a proof of the identity if it has no account, which joins with an invitation', async () => {
    await using server = await openServer()
    const identity = secretOf(await server.browser().signIn())
    expect(identity).toMatch(/^gitmsgi_[\w-]{43}$/)
    expect(outcomeOf(await server.as(identity).get('/messages'))).toBe('401 invalid_token')
    const { secret: link } = await server.accounts.links.invite({ actor: 'setup' })
    const { status } = await server.as(null).send('POST', '/join', { link, handle: 'ada', identity })
    expect(status).toBe(201)
    const session = secretOf(await server.browser().signIn())
    expect((await server.as(session).get('/account')).json).toMatchObject({ handle: 'ada' })
  })

  it.each([
    ['client_secret_basic', {}],
    ['client_secret_post', {}],
    ['none', { clientSecret: undefined }],
  ] as const)('proves the server in the way that the provider has: %s', async (authentication, secret) => {
    provider.behavior.authentication = authentication
    await using server = await openServer({ accountsConfig: { oidc: { ...provider.config, ...secret } } })
    await server.link('ada')
    expect(secretOf(await server.browser().signIn())).toMatch(/^gitmsgs_/)
  })

  // Covers V6.8.1
  it('is for the identity of one provider: never for a name or an e-mail address that is the same', async () => {
    await using server = await openServer({ accountsConfig: { isOpen: true } })
    await server.addPerson('ada', 'admin')
    const elsewhere = { issuer: 'https://other.example', subject: 'person-1' }
    const { secret } = await server.accounts.links.proveIdentity(elsewhere)
    await server.accounts.join({ link: null, handle: 'bob', identity: secret })
    provider.behavior.claims = { preferred_username: 'ada', email: 'ada@example.org', email_verified: true }
    expect(secretOf(await server.browser().signIn())).toMatch(/^gitmsgi_/)
  })

  it('makes the account at once where registration is open, if the preferred name is a free handle', async () => {
    await using server = await openServer({ accountsConfig: { isOpen: true } })
    await server.addPerson('bob')
    await server.engine.post({ content: 'Before accounts', sender: 'carol' })
    for (const [number, name] of ['bob', 'b0b', 'Grace', 'carol', '', 5, undefined].entries()) {
      provider.behavior.claims = { sub: `person-${number}`, preferred_username: name }
      expect([name, secretOf(await server.browser().signIn())]).toEqual([
        name,
        expect.stringMatching(/^gitmsgi_/),
      ])
    }
    provider.behavior.claims = { preferred_username: 'grace' }
    const session = secretOf(await server.browser().signIn())
    expect((await server.as(session).get('/account')).json).toMatchObject({ handle: 'grace', role: 'member' })
    provider.behavior.claims = { preferred_username: 'renamed' }
    const again = secretOf(await server.browser().signIn())
    expect((await server.as(again).get('/account')).json).toMatchObject({ handle: 'grace' })
  })

  it('does not sign in a disabled account', async () => {
    await using server = await openServer()
    await server.link('ada')
    await server.accounts.change('ada', { disabled: true, actor: 'setup' })
    const response = await server.browser().signIn()
    expect(outcomeOf(response)).toBe('403 sign_in_failed')
    expect(response.json.error.message).toBe('The account is disabled.')
  })
})

describe('the start of a sign-in', () => {
  // Covers V3.7.2
  it('asks the provider for a code, with PKCE, state and nonce, and needs no provider before', async () => {
    await using server = await openServer()
    expect(provider.requests).toEqual([])
    const { status, headers } = await server.request('/auth/oidc')
    const url = new URL(String(headers.location))
    expect([status, url.origin + url.pathname]).toEqual([302, `${provider.issuer}/authorize`])
    expect(Object.fromEntries(url.searchParams)).toEqual({
      ...{
        client_id: 'gitmsg',
        response_type: 'code',
        scope: 'openid profile',
        code_challenge_method: 'S256',
      },
      redirect_uri: `${server.url.replace(/\/$/, '')}/auth/oidc/callback`,
      ...Object.fromEntries(
        ['code_challenge', 'state', 'nonce'].map((name) => [name, expect.stringMatching(/^[\w-]{43}$/)]),
      ),
    })
    const other = await server.request(
      '/auth/oidc?redirect_uri=https://evil.example&issuer=https://evil.example',
    )
    expect(other.headers.location).not.toContain('evil.example')
    expect(provider.requests).toEqual(['/.well-known/openid-configuration'])
  })

  // Covers V3.3.1, V3.3.2, V3.3.3, V3.3.4
  it('sets a cookie for the callback only, over https one that no other host can set', async () => {
    await using plain = await openServer()
    expect(await cookieOf(plain)).toMatch(
      /^gitmsg-sign-in=[\w.-]+; Max-Age=600; Path=\/auth\/oidc\/callback; HttpOnly; SameSite=Lax$/,
    )
    await using secure = await openServer({
      accountsConfig: { publicUrl: 'https://chat.example.org/forum/' },
    })
    expect(await cookieOf(secure)).toMatch(
      /^__Host-gitmsg-sign-in=[\w.-]+; Max-Age=600; Path=\/; Secure; HttpOnly; SameSite=Lax$/,
    )
  })

  const cookieOf = async ({ request }: { request: (path: string) => Promise<{ headers: object }> }) =>
    ((await request('/auth/oidc')).headers as Record<string, string[]>)['set-cookie']?.join('\n')

  // Covers V7.6.2
  it('needs an action of the person: another site cannot start it', async () => {
    await using server = await openServer()
    const link = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    }
    expect(outcomeOf(await server.request('/auth/oidc', { headers: link }))).toBe('403 origin_not_allowed')
  })

  it('is 404 if the server has no provider', async () => {
    await using server = await openAccountServer()
    for (const path of ['/auth/oidc', '/auth/oidc/callback']) {
      expect(outcomeOf(await server.request(path))).toBe('404 not_found')
    }
  })

  // Covers IN-97, V16.5.2
  it('is 503 while the provider is down, which is logged, and works again afterwards', async () => {
    const { logger, lines } = openLog()
    await using server = await openServer({ logger })
    await server.link('ada')
    provider.behavior.status = 500
    const { status, json, headers } = await server.request('/auth/oidc')
    expect([status, json.error.code, headers['retry-after']]).toEqual([503, 'provider_unavailable', '5'])
    expect(lines()).toMatchObject([
      { path: '/auth/oidc', code: 'provider_unavailable', reason: expect.any(String) },
    ])
    provider.behavior.status = null
    expect((await server.browser().signIn()).status).toBe(302)
  })

  // Covers V10.5.3
  it('is 503 if what is there calls itself another issuer', async () => {
    await using server = await openServer()
    provider.behavior.metadata = { issuer: 'https://other.example' }
    expect(outcomeOf(await server.request('/auth/oidc'))).toBe('503 provider_unavailable')
  })

  it('is 503 if nothing listens there', async () => {
    await using server = await openServer({
      accountsConfig: { oidc: { ...provider.config, issuer: 'http://127.0.0.1:9' } },
    })
    expect(outcomeOf(await server.request('/auth/oidc'))).toBe('503 provider_unavailable')
  })
})
