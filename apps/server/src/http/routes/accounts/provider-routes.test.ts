import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openBrowser, secretOf } from '../../../testing/oidc/open-browser.js'
import { openFakeProvider, type ProviderBehavior } from '../../../testing/oidc/open-fake-provider.js'
import { openAccountServer, outcomeOf, PASSWORD } from '../../../testing/open-account-server.js'
import { openLog } from '../../../testing/open-log.js'

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

/** A server with the provider, and an account for the identity at it. */
async function openServer(options: Parameters<typeof openAccountServer>[0] = {}) {
  const { accountsConfig, ...more } = options
  const server = await openAccountServer({
    ...more,
    accountsConfig: { oidc: provider.config, ...accountsConfig },
  })
  const link = async (handle: string, subject = 'person-1') => {
    const identity = (await server.accounts.links.proveIdentity({ issuer: provider.issuer, subject })).secret
    await server.accounts.join({ link: null, handle, identity })
  }
  return { ...server, link, browser: () => openBrowser(server.request) }
}

describe('signing in at the provider', () => {
  // Covers V10.5.1, V10.5.2, V6.8.1
  it('ends in the page, with a session of the account in the fragment', async () => {
    await using server = await openServer()
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
    await server.request('/auth/oidc')
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

describe('the callback', () => {
  // Covers IN-95, V10.1.2, V10.2.1, V3.5.1
  it('fails in another browser, which no link can sign in', async () => {
    await using server = await openServer()
    await server.link('ada')
    const path = await server.browser().leave()
    const other = server.browser()
    expect(outcomeOf(await other.visit(path))).toBe('403 sign_in_ended')
    await other.leave()
    expect(outcomeOf(await other.visit(path))).toBe('403 sign_in_ended')
    expect(provider.requests).not.toContain('/token')
  })

  it.each(['', 'a', 'é', undefined])('fails with another state: %j', async (state) => {
    await using server = await openServer()
    await server.link('ada')
    const browser = server.browser()
    const url = new URL(await browser.leave(), server.url)
    if (state === undefined) url.searchParams.delete('state')
    else url.searchParams.set('state', state)
    expect(outcomeOf(await browser.visit(url.pathname + url.search))).toBe('403 sign_in_ended')
    url.searchParams.append('state', 'b')
    expect(outcomeOf(await browser.visit(url.pathname + url.search))).toBe('403 sign_in_ended')
    expect(provider.requests).not.toContain('/token')
  })

  // Covers V10.4.2
  it('works once, even if the provider would redeem its code again', async () => {
    provider.behavior.isForgetful = true
    await using server = await openServer()
    await server.link('ada')
    const browser = server.browser()
    const path = await browser.leave()
    const cookies = [...browser.cookies]
    expect((await browser.visit(path)).status).toBe(302)
    for (const [name, value] of cookies) browser.cookies.set(name, value)
    expect(outcomeOf(await browser.visit(path))).toBe('403 sign_in_ended')
  })

  it('fails with the code of another flow, which its verifier does not fit (PKCE)', async () => {
    await using server = await openServer()
    await server.link('ada')
    const stolen = new URL(await server.browser().leave(), server.url).searchParams.get('code') ?? ''
    const browser = server.browser()
    const url = new URL(await browser.leave(), server.url)
    url.searchParams.set('code', stolen)
    expect(outcomeOf(await browser.visit(url.pathname + url.search))).toBe('403 sign_in_failed')
    expect(provider.requests).toContain('/token')
  })

  const now = Math.floor(Date.now() / 1000)
  // Covers IN-96, V9.1.1, V9.1.2, V9.1.3, V9.2.1, V9.2.3, V10.5.1, V10.5.3, V10.5.4
  it.each<[string, Partial<ProviderBehavior>, RegExp]>([
    ['an ID token with another nonce', { claims: { nonce: 'a' } }, /"nonce"/],
    ['an ID token without a nonce', { claims: { nonce: undefined } }, /"nonce"/],
    ['an ID token of another issuer', { claims: { iss: 'https://other.example' } }, /"iss"/],
    ['an ID token for another client', { claims: { aud: 'other' } }, /"aud"/],
    ['an ID token for another party', { claims: { aud: ['gitmsg', 'b'], azp: 'b' } }, /"azp"/],
    ['an expired ID token', { claims: { exp: now - 3600, iat: now - 7200 } }, /"exp"/],
    ['an ID token that is not valid yet', { claims: { nbf: now + 3600 } }, /"nbf"/],
    ['an ID token without a subject', { claims: { sub: undefined } }, /"sub"/],
    ['an ID token that another key has signed', { signature: 'foreign' }, /signature/],
    ['an ID token that the client secret has signed', { signature: 'secret' }, /unsupported JWS/],
    ['an ID token that is not signed', { signature: 'none' }, /unsupported JWS/],
    ['a callback of another issuer (mix-up)', { iss: 'https://other.example' }, /"iss"/],
    ['a callback without an issuer, where the provider names it', { iss: null }, /"iss"/],
    ['an error of the provider', { error: '<b>access_denied</b>' }, /access_denied/],
  ])('fails with %s, and is logged with the reason', async (_, behavior, reason) => {
    const { logger, lines } = openLog()
    await using server = await openServer({ logger })
    await server.link('ada')
    Object.assign(provider.behavior, behavior)
    const response = await server.browser().signIn()
    expect(outcomeOf(response)).toBe('403 sign_in_failed')
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(response.text).not.toMatch(/access_denied|other\.example|</)
    expect(lines()).toMatchObject([{ code: 'sign_in_failed', reason: expect.stringMatching(reason) }])
  })

  it.each([['iss'], ['code'], ['error']])('fails with a repeated %s', async (name) => {
    await using server = await openServer()
    const browser = server.browser()
    const path = await browser.leave()
    expect(outcomeOf(await browser.visit(`${path}&${name}=a&${name}=b`))).toBe('403 sign_in_failed')
  })

  it('is 503 if the provider is down by then, or does not accept this server, and the person can start again', async () => {
    await using server = await openServer()
    await server.link('ada')
    const browser = server.browser()
    const path = await browser.leave()
    provider.behavior.status = 502
    expect(outcomeOf(await browser.visit(path))).toBe('503 provider_unavailable')
    provider.behavior.status = null
    expect((await browser.signIn()).status).toBe(302)
    const oidc = { ...provider.config, clientSecret: 'wrong' }
    await using other = await openServer({ accountsConfig: { oidc } })
    expect(outcomeOf(await other.browser().signIn())).toBe('503 provider_unavailable')
  })

  // Covers V3.3.1
  it('accepts over https only the cookie with the prefix', async () => {
    await using server = await openServer({ accountsConfig: { publicUrl: 'https://chat.example.org/' } })
    await server.link('ada')
    const browser = server.browser()
    const path = await browser.leave()
    const [[name = '', value = ''] = []] = browser.cookies
    browser.cookies.clear()
    browser.cookies.set(name.replace('__Host-', ''), value)
    expect(outcomeOf(await browser.visit(path))).toBe('403 sign_in_ended')
    browser.cookies.set(name, value)
    expect((await browser.visit(path)).status).toBe(302)
  })

  it('is served although the link to it is on another site', async () => {
    await using server = await openServer()
    await server.link('ada')
    const headers = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    }
    const browser = server.browser()
    const path = await browser.leave()
    const cookie = [...browser.cookies].map((pair) => pair.join('=')).join('; ')
    const { status } = await server.request(path, { headers: { ...headers, cookie } })
    expect(status).toBe(302)
  })

  // Covers V2.4.1
  it('counts as an attempt of the peer', async () => {
    await using server = await openServer()
    for (let count = 0; count < 20; count += 1) {
      expect(outcomeOf(await server.request('/auth/oidc/callback'))).toBe('403 sign_in_ended')
    }
    expect(outcomeOf(await server.browser().signIn())).toBe('429 rate_limited')
    expect(
      outcomeOf(await server.as(null).send('POST', '/session', { handle: 'ada', password: PASSWORD })),
    ).toBe('429 rate_limited')
  })
})
