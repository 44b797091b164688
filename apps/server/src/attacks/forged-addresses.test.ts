import { describe, expect, it } from 'vitest'
import { openAccountServer, outcomeOf } from '../testing/servers/open-account-server.js'
import type { TestServerOptions } from '../testing/servers/open-test-server.js'

type Headers = Record<string, string | string[]>
const PROXY = ['127.0.0.1', '10.0.0.0/8']

async function openTarget(options: TestServerOptions = {}) {
  const server = await openAccountServer({ monotonic: () => 0, ...options })
  let number = 0
  async function attempt(headers: Headers): Promise<string> {
    number += 1
    return outcomeOf(
      await server.request('/session', {
        method: 'POST',
        body: JSON.stringify({ handle: `person-${number}`, password: 'a guess at it' }),
        headers: { 'content-type': 'application/json', ...headers },
      }),
    )
  }
  return { ...server, attempt }
}

/** Makes 21 attempts, each claiming another address. */
async function claimMany(
  server: { attempt: (headers: Headers) => Promise<string> },
  claim: (n: number) => Headers,
) {
  const outcomes: string[] = []
  for (let number = 0; number < 21; number += 1) outcomes.push(await server.attempt(claim(number)))
  return outcomes.at(-1)
}

describe('claiming another address for each attempt', () => {
  // Covers V15.3.4, IN-94
  it('fails without a trusted proxy, in every header there is for it', async () => {
    for (const name of [
      ...['x-forwarded-for', 'x-real-ip', 'true-client-ip', 'cf-connecting-ip', 'fastly-client-ip'],
      ...['x-client-ip', 'x-cluster-client-ip', 'x-originating-ip', 'client-ip'],
    ]) {
      await using server = await openTarget()
      expect([name, await claimMany(server, (number) => ({ [name]: `192.0.2.${number}` }))]).toEqual([
        name,
        '429 rate_limited',
      ])
    }
  })

  it('fails with the standard header, behind a trusted proxy, too', async () => {
    await using server = await openTarget({ trustedProxies: PROXY })
    const claim = (number: number) => ({
      forwarded: `for=192.0.2.${number}`,
      'x-forwarded-for': '198.51.100.1',
    })
    expect(await claimMany(server, claim)).toBe('429 rate_limited')
  })

  it('fails left of what the trusted proxy has added', async () => {
    await using server = await openTarget({ trustedProxies: PROXY })
    const claim = (number: number) => ({ 'x-forwarded-for': `192.0.2.${number}, 198.51.100.1` })
    expect(await claimMany(server, claim)).toBe('429 rate_limited')
  })

  it('fails in a header line of its own, before that of the trusted proxy', async () => {
    await using server = await openTarget({ trustedProxies: PROXY })
    const claim = (number: number) => ({ 'x-forwarded-for': [`192.0.2.${number}`, '198.51.100.1'] })
    expect(await claimMany(server, claim)).toBe('429 rate_limited')
  })

  it('fails with addresses of the trusted proxies themselves', async () => {
    await using server = await openTarget({ trustedProxies: PROXY })
    const claim = (number: number) => ({
      'x-forwarded-for': `198.51.100.1, 10.0.0.${number}, 10.0.1.${number}`,
    })
    expect(await claimMany(server, claim)).toBe('429 rate_limited')
  })

  it('fails with what is no address: the last that is one counts', async () => {
    await using server = await openTarget({ trustedProxies: PROXY })
    const claim = (number: number) => ({
      'x-forwarded-for': `192.0.2.${number}, unknown-${number}, 10.0.0.1`,
    })
    expect(await claimMany(server, claim)).toBe('429 rate_limited')
  })

  it('fails in other spellings of one address', async () => {
    await using server = await openTarget({ trustedProxies: PROXY })
    const spellings = [
      '192.0.2.1',
      '::ffff:192.0.2.1',
      '192.0.2.1:443',
      ' 192.0.2.1 ',
      '192.0.2.1:1',
      '::FFFF:192.0.2.1',
    ]
    const claim = (number: number) => ({ 'x-forwarded-for': spellings[number % spellings.length] ?? '' })
    expect(await claimMany(server, claim)).toBe('429 rate_limited')
  })
})

describe('an address on the deny list', () => {
  // Covers IN-94
  it.each([
    '192.0.2.1',
    '::ffff:192.0.2.1',
    '192.0.2.1:443',
    '203.0.113.9, 192.0.2.1',
    '2001:db8::1',
    '[2001:db8::1]:443',
  ])('is denied in every spelling: %s', async (claimed) => {
    await using server = await openTarget({
      trustedProxies: PROXY,
      denied: ['192.0.2.0/24', '2001:db8::/32'],
    })
    expect(await server.attempt({ 'x-forwarded-for': claimed })).toBe('403 address_denied')
  })

  it('is denied whatever it claims to be', async () => {
    await using server = await openTarget({ denied: ['127.0.0.0/8'] })
    expect(await server.attempt({ 'x-forwarded-for': '203.0.113.9' })).toBe('403 address_denied')
  })

  it('is denied with a valid token, too', async () => {
    await using server = await openTarget({ denied: ['127.0.0.0/8'] })
    const token = await server.addPerson('ada', 'admin')
    expect(outcomeOf(await server.as(token).get('/account'))).toBe('403 address_denied')
  })
})
