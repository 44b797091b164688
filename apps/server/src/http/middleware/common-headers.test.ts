import { expect, it } from 'vitest'
import { openLog } from '../../testing/open-log.js'
import { openTokensFile } from '../../testing/open-tokens-file.js'
import { openTestServer } from '../../testing/servers/open-test-server.js'

// Covers V16.3.1
it('each completed request is logged at level debug, with the client and its token', async () => {
  const log = openLog('debug')
  await using file = await openTokensFile()
  await using server = await openTestServer({ tokens: file.tokens, logger: log.logger })
  const authorization = `Bearer ${file.add(['read'], { name: 'laptop' })}`
  await server.request('/messages', { headers: { authorization } })
  expect(log.lines()).toContainEqual(
    expect.objectContaining({ msg: 'request completed', status: 200, token: 'laptop', peer: '127.0.0.1' }),
  )
})

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
