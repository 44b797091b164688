import { describe, expect, it } from 'vitest'
import { openTokensFile } from '../../../testing/open-tokens-file.js'
import { openTestServer } from '../../../testing/servers/open-test-server.js'

const limit = { requests: 3, seconds: 60 }

describe('the rate limit', () => {
  // Covers IN-56, V2.4.1
  it('reports the rest of the quota, and rejects requests beyond it with Retry-After', async () => {
    await using server = await openTestServer({ rateLimit: limit, monotonic: () => 0 })
    const responses = []
    for (let number = 0; number < 5; number += 1) responses.push(await server.request('/messages'))
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429])
    expect(responses.map(({ headers }) => headers.ratelimit)).toEqual([
      '"default";r=2;t=60',
      '"default";r=1;t=60',
      '"default";r=0;t=60',
      '"default";r=0;t=60',
      '"default";r=0;t=60',
    ])
    expect(responses[4]?.headers).toMatchObject({
      'ratelimit-policy': '"default";q=3;w=60',
      'retry-after': '60',
    })
    expect(responses[4]?.json.error.code).toBe('rate_limited')
  })

  it('counts each token separately, and all requests without a valid one together', async () => {
    await using file = await openTokensFile()
    await using server = await openTestServer({ rateLimit: limit, tokens: file.tokens })
    const secrets = ['one', 'two'].map((name) => file.add(['read'], { name }))
    const statusFor = async (secret: string) =>
      (await server.request('/messages', { headers: { authorization: `Bearer ${secret}` } })).status
    for (let number = 0; number < 3; number += 1) expect(await statusFor(`guess-${number}`)).toBe(401)
    expect(await statusFor('guess')).toBe(429)
    for (const secret of secrets) {
      for (let number = 0; number < 3; number += 1) expect(await statusFor(secret)).toBe(200)
      expect(await statusFor(secret)).toBe(429)
    }
  })

  it('is off unless it is configured', async () => {
    await using server = await openTestServer()
    const responses = await Promise.all(Array.from({ length: 200 }, () => server.request('/healthz')))
    expect(responses.every(({ status, headers }) => status === 200 && headers.ratelimit === undefined)).toBe(
      true,
    )
  })
})
