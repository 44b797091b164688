import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openTestServer } from '../testing/open-test-server.js'

describe('a host that is allowed', () => {
  it('is answered for exactly as it is listed', async () => {
    await using server = await openTestServer({ allowedHosts: ['chat.example.org', 'chat.example.org:8443'] })
    const ask = async (host: string) => (await server.call('/messages', { headers: { host } })).status
    expect(await ask('chat.example.org')).toBe(200)
    expect(await ask('Chat.Example.org:8443')).toBe(200)
    for (const host of ['chat.example.org:80', 'www.chat.example.org', 'example.org', 'chat.example.org.']) {
      expect(await ask(host)).toBe(421)
    }
  })
})

describe('an origin that is allowed', () => {
  const origin = 'https://app.example.org'

  // Covers V3.4.2
  it('may ask and read, and is told so', async () => {
    await using server = await openTestServer({ allowedOrigins: [origin] })
    const headers = { origin, 'sec-fetch-site': 'cross-site' }
    const { status, headers: answered } = await server.call('/messages', { headers })
    expect(status).toBe(200)
    expect(answered['access-control-allow-origin']).toBe(origin)
    expect(answered['access-control-allow-credentials']).toBeUndefined()
    expect(answered.vary).toBe('Origin')
  })

  it('hears in a preflight what it may send', async () => {
    await using server = await openTestServer({ allowedOrigins: [origin] })
    const headers = { origin, 'access-control-request-method': 'POST', 'sec-fetch-site': 'cross-site' }
    const { status, headers: answered } = await server.call('/messages', { method: 'OPTIONS', headers })
    expect(status).toBe(204)
    expect(answered).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'GET, HEAD, POST',
      'access-control-allow-headers': 'Authorization, Content-Type, Idempotency-Key',
    })
  })

  it.each(['http://app.example.org', 'https://app.example.org:8443', 'https://evil.example', 'null'])(
    'is not %s',
    async (other) => {
      await using server = await openTestServer({ allowedOrigins: [origin] })
      const { status, headers } = await server.call('/messages', { headers: { origin: other } })
      expect(status).toBe(403)
      expect(headers['access-control-allow-origin']).toBeUndefined()
    },
  )

  it('reads errors, too', async () => {
    await using server = await openTestServer({ allowedOrigins: [origin] })
    const { status, headers } = await server.call('/messages?limit=0', { headers: { origin } })
    expect([status, headers['access-control-allow-origin']]).toEqual([400, origin])
  })
})

// Covers V13.2.5, V13.4.1, V13.4.3, V15.2.3
it('serves plain files, and no link, no hidden file and no folder', async () => {
  await using server = await openTestServer()
  const { webRoot } = server
  mkdirSync(join(webRoot, 'assets'))
  mkdirSync(join(webRoot, '.well-known'))
  writeFileSync(join(webRoot, 'assets/a.js'), '1')
  writeFileSync(join(webRoot, 'assets/.b.js'), '1')
  writeFileSync(join(webRoot, '.well-known/c'), '1')
  symlinkSync('/etc/passwd', join(webRoot, 'assets/link'))
  symlinkSync('/etc', join(webRoot, 'etc'))
  const asset = await server.call('/assets/a.js')
  expect([asset.status, asset.text]).toEqual([200, '1'])
  expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable')
  expect(asset.headers['permissions-policy']).toContain('camera=()')
  const hidden = [
    '/assets/.b.js',
    '/.well-known/c',
    '/assets/link',
    '/etc/passwd',
    '/assets',
    '/assets/',
    '/etc/',
  ]
  for (const path of hidden) expect((await server.call(path)).status).toBe(404)
})

// Covers V4.1.1
it('says of every text in which charset it is', async () => {
  await using server = await openTestServer()
  const { webRoot } = server
  for (const name of ['a.js', 'a.css', 'a.svg']) writeFileSync(join(webRoot, name), '')
  const calls = ['/messages', '/sync', '/sync/quarantined', '/healthz', '/readyz', '/metrics', '/absent']
  for (const path of ['/', '/a.js', '/a.css', '/a.svg', ...calls]) {
    const { headers } = await server.call(path)
    expect([path, headers['content-type']]).toEqual([path, expect.stringMatching(/; charset=utf-8$/)])
  }
})
