import { expect, it } from 'vitest'
import { openTestServer } from '../../testing/open-test-server.js'

// Covers V1.3.2, V3.2.1, V3.4.3, V3.4.4, V3.4.5, V3.4.6, V3.7.1, V14.2.2, V14.2.3, V14.3.2
it.each(['/', '/messages', '/absent', '/messages?limit=0', '/metrics'])(
  'every response has the security headers, and forbids caching: %s',
  async (path) => {
    await using server = await openTestServer()
    const { headers } = await server.request(path)
    const policy = String(headers['content-security-policy']).split('; ')
    for (const directive of ['default-src', 'object-src', 'base-uri', 'frame-ancestors'])
      expect(policy).toContain(`${directive} 'none'`)
    expect(policy).toContain("script-src 'self'")
    expect(headers['content-security-policy']).not.toMatch(/unsafe|data:|\*|https?:/)
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    })
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
    expect(headers['cache-control']).toBe('no-store')
    expect(headers['access-control-allow-origin']).toBeUndefined()
  },
)
