import { describe, expect, it } from 'vitest'
import { openTestServer } from '../../testing/open-test-server.js'

describe('an allowed origin', () => {
  const origin = 'https://app.example.org'

  // Covers V3.4.2
  it('can read responses, without credentials', async () => {
    await using server = await openTestServer({ allowedOrigins: [origin] })
    const requestHeaders = { origin, 'sec-fetch-site': 'cross-site' }
    const { status, headers } = await server.request('/messages', { headers: requestHeaders })
    expect(status).toBe(200)
    expect(headers['access-control-allow-origin']).toBe(origin)
    expect(headers['access-control-allow-credentials']).toBeUndefined()
    expect(headers.vary).toBe('Origin')
  })

  it('learns from a preflight which methods and headers it can send', async () => {
    await using server = await openTestServer({ allowedOrigins: [origin] })
    const { status, headers } = await server.request('/messages', {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'sec-fetch-site': 'cross-site' },
    })
    expect(status).toBe(204)
    expect(headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'GET, HEAD, POST',
      'access-control-allow-headers': 'Authorization, Content-Type, Idempotency-Key',
    })
  })

  it('can read errors', async () => {
    await using server = await openTestServer({ allowedOrigins: [origin] })
    const { status, headers } = await server.request('/messages?limit=0', { headers: { origin } })
    expect([status, headers['access-control-allow-origin']]).toEqual([400, origin])
  })

  it.each(['http://app.example.org', 'https://app.example.org:8443', 'https://evil.example', 'null'])(
    'is compared exactly, so that another one is rejected: %s',
    async (other) => {
      await using server = await openTestServer({ allowedOrigins: [origin] })
      const { status, headers } = await server.request('/messages', { headers: { origin: other } })
      expect(status).toBe(403)
      expect(headers['access-control-allow-origin']).toBeUndefined()
    },
  )
})
