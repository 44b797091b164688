import { createIdTokens, openFakeProvider, type ProviderBehavior } from '@gitmsg/test-provider'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openProviderServer } from '../../../testing/oidc/open-provider-server.js'
import { openLog } from '../../../testing/open-log.js'
import {
  type AccountServerOptions,
  outcomeOf,
  PASSWORD,
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

describe('the callback', () => {
  // Covers IN-95, V2.3.1, V3.5.1, V10.1.2, V10.2.1
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
  // Covers IN-96, V6.8.2, V9.1.1, V9.1.2, V9.1.3, V9.2.1, V9.2.3, V10.2.2, V10.5.1, V10.5.4, V11.6.1
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

  // Covers V9.2.2
  it('is the only use of the provider’s tokens: they are none of this server’s', async () => {
    await using server = await openServer()
    await server.link('ada')
    const { sign } = await createIdTokens()
    const claims = { iss: provider.issuer, aud: 'gitmsg', sub: 'person-1' }
    const token = await sign(claims, { signature: 'own', clientSecret: '' })
    expect(outcomeOf(await server.as(token).get('/account'))).toBe('401 invalid_token')
    expect(outcomeOf(await server.as('unused').get('/account'))).toBe('401 invalid_token')
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
