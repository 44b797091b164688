import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectHttpError } from '../../../testing/expect-http-error.js'
import { openLog } from '../../../testing/open-log.js'
import { openRawServer } from '../../../testing/servers/open-raw-server.js'
import { openTestServer } from '../../../testing/servers/open-test-server.js'

let raw: Awaited<ReturnType<typeof openRawServer>>
beforeAll(async () => {
  raw = await openRawServer()
})
afterAll(() => raw[Symbol.asyncDispose]())

describe('the Host header', () => {
  // Covers IN-47, IN-49, V3.5.1
  it.each([
    ['none', ['GET /messages HTTP/1.1']],
    ['none, in HTTP/1.0', ['GET /messages HTTP/1.0']],
    ['an empty one', ['GET /messages HTTP/1.1', 'Host: ']],
    ['two', ['GET /messages HTTP/1.1', 'Host: HOST', 'Host: evil.example']],
    ['the same twice', ['GET /messages HTTP/1.1', 'Host: HOST', 'host: HOST']],
    ['two in one', ['GET /messages HTTP/1.1', 'Host: HOST, evil.example']],
  ])('must name exactly one host, not: %s', async (_, lines) => {
    expectHttpError(await raw.send([...lines, 'Connection: close']), 400, 'invalid_host')
  })

  // Covers IN-47
  it.each(['GET /healthz', 'HEAD /healthz', 'GET /readyz'])(
    'can be absent in a probe of a load balancer: %s HTTP/1.0',
    async (request) => {
      expect((await raw.send([`${request} HTTP/1.0`])).status).toBe(200)
    },
  )

  // Covers IN-47, IN-54
  it.each<[string, string, number]>([
    ['in HTTP/1.1', 'GET /healthz HTTP/1.1', 400],
    ['of another endpoint', 'GET /sync HTTP/1.0', 400],
    ['with another method', 'POST /healthz HTTP/1.0', 400],
    ['of another host', 'GET http://evil.example/healthz HTTP/1.0', 421],
    ['with an empty host', 'GET /healthz HTTP/1.0\r\nHost: ', 400],
    ['with another host', 'GET /healthz HTTP/1.0\r\nHost: evil.example', 421],
  ])('cannot be absent or foreign in a request %s', async (_, request, status) => {
    expect((await raw.send([request, 'Connection: close'])).status).toBe(status)
  })

  // Covers IN-48
  it.each([
    'evil.example',
    '127.0.0.1.nip.io',
    'localhost:1',
    'localhost:1@evil.example',
    'localhost.:PORT',
    'localhost:0PORT',
    '0.0.0.0:PORT',
    '[::]:PORT',
    '127.1:PORT',
    'user@localhost:PORT',
    'localhost',
    'x'.repeat(5000),
  ])('must name this server, not: %s', async (name) => {
    const lines = ['GET /messages HTTP/1.1', `Host: ${name.replace('PORT', raw.port)}`]
    expectHttpError(await raw.send([...lines, 'Connection: close']), 421, 'host_not_allowed')
  })

  it.each<[string, number, string]>([
    ['evil.example', 421, 'host_not_allowed'],
    ['127.0.0.1.nip.io', 421, 'host_not_allowed'],
    ['localhost:1', 421, 'host_not_allowed'],
    ['a, b', 400, 'invalid_host'],
  ])('is rejected when an HTTP client sends it: %s', async (host, status, code) => {
    const response = await raw.server.request('/messages', { headers: { host } })
    expect([response.status, response.json.error.code]).toEqual([status, code])
  })

  it('can be any allowed host, exactly as it is listed', async () => {
    await using server = await openTestServer({ allowedHosts: ['chat.example.org', 'chat.example.org:8443'] })
    const statusFor = async (host: string) =>
      (await server.request('/messages', { headers: { host } })).status
    expect(await statusFor('chat.example.org')).toBe(200)
    expect(await statusFor('Chat.Example.org:8443')).toBe(200)
    for (const host of ['chat.example.org:80', 'www.chat.example.org', 'example.org', 'chat.example.org.']) {
      expect(await statusFor(host)).toBe(421)
    }
  })

  // Covers IN-48
  it('is logged with the setting that allows it, if it is rejected', async () => {
    const { logger, lines } = openLog()
    await using server = await openTestServer({ logger })
    await server.request('/messages', { headers: { host: 'chat.example.org:8080' } })
    await server.request('/messages', { headers: { host: 'x'.repeat(5_000) } })
    expect(lines()).toMatchObject([
      { code: 'host_not_allowed', host: 'chat.example.org:8080', setting: 'GITMSG_ALLOWED_HOSTS' },
      { code: 'host_not_allowed', host: 'x'.repeat(300) },
    ])
  })

  // Covers IN-50, V4.1.3
  it('cannot be overridden with the headers of a proxy', async () => {
    const forged = ['X-Forwarded-Host: evil.example', 'X-Forwarded-Proto: https', 'X-Forwarded-For: 10.0.0.1']
    expect((await raw.get('/messages', ...forged)).status).toBe(200)
    expect((await raw.get('/messages', 'Forwarded: host=evil.example')).status).toBe(200)
  })
})
