import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exchange } from '../../../testing/exchange.js'
import { expectHttpError } from '../../../testing/expect-http-error.js'
import { openRawServer, postLines } from '../../../testing/servers/open-raw-server.js'

let raw: Awaited<ReturnType<typeof openRawServer>>
beforeAll(async () => {
  raw = await openRawServer()
})
afterAll(() => raw[Symbol.asyncDispose]())

describe('a request URL', () => {
  it.each(['//#@%20', '/messages#x', '/mess\u00a0ages', '/\u00ff', 'http://HOST/#x'])(
    'is rejected if it is not valid: %s',
    async (target) => {
      const { server, host } = raw
      const text = `GET ${target.replace('HOST', host)} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`
      expectHttpError(await exchange(server.url, [Buffer.from(text, 'latin1')]), 400, 'invalid_request')
    },
  )

  const dots = ['/../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/..%2f..%2fetc%2fpasswd', '//etc/passwd']
  const odd = ['/%00', '/%ff', '/%', '/.git/config', '/CON', '/index.html%00.png', '/INDEX.HTML', '/\\..\\x']
  // Covers V1.1.1, V4.1.1, V5.3.2, V13.4.1
  it.each([...dots, ...odd])('never leads outside the routes and the web files: %s', async (path) => {
    expectHttpError(await raw.get(path), 404, 'not_found')
  })

  it.each(['http://HOST/messages', 'http://localhost:PORT/messages?limit=1'])(
    'can be absolute, with a host of this server: %s',
    async (target) => {
      const { status } = await raw.get(target.replace('PORT', raw.port))
      expect(status).toBe(200)
    },
  )

  // Covers IN-54
  it.each([
    'http://evil.example/messages',
    'https://HOST/messages',
    'ftp://HOST/messages',
    'http:///messages',
  ])('is rejected if it is absolute with a foreign host or scheme: %s', async (target) => {
    expectHttpError(await raw.get(target), 421, 'host_not_allowed')
  })
})

it('OPTIONS * is accepted', async () => {
  expect((await raw.send(['OPTIONS * HTTP/1.1', 'Host: HOST', 'Connection: close'])).status).toBe(204)
})

describe('the request headers', () => {
  // Covers IN-46
  it.each([
    ['a URL of 17 kB', `/messages?${'x'.repeat(17_000)}`, []],
    ['a header of 20 kB', '/messages', [`X: ${'x'.repeat(20_000)}`]],
    ['200 headers', '/messages', Array.from({ length: 200 }, (_, number) => `X-${number}: 1`)],
    ['65 headers', '/messages', Array.from({ length: 63 }, (_, number) => `X-${number}: 1`)],
  ])('are rejected if they are too large: %s', async (_, target, headers) => {
    expectHttpError(await raw.get(target, ...headers), 431, 'headers_too_large')
  })

  it('can be 64', async () => {
    const headers = Array.from({ length: 62 }, (_, number) => `X-${number}: 1`)
    expect((await raw.get('/messages', ...headers)).status).toBe(200)
  })

  // Covers V15.3.7
  it.each([
    'Origin: http://HOST',
    'Authorization: Bearer a',
    'Content-Type: text/plain',
    'Idempotency-Key: a',
  ])('are rejected if a header with a single value is repeated: %s', async (header) => {
    expectHttpError(await raw.get('/messages', header, header), 400, 'invalid_header')
  })

  it('cannot exceed 16 KiB in a chunk extension', async () => {
    const chunk = `1;${'x'.repeat(20_000)}\r\n{\r\n0\r\n\r\n`
    expect((await raw.send(postLines('Transfer-Encoding: chunked'), chunk)).status).toBe(400)
  })

  // Covers IN-53
  it('cannot expect anything but 100-continue', async () => {
    expectHttpError(await raw.get('/messages', 'Expect: 200-ok'), 417, 'expectation_failed')
  })

  // Covers IN-61, IN-62, IN-63, IN-64
  it('cannot upgrade the connection to a WebSocket', async () => {
    const upgrade = [
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    ]
    const { status } = await raw.send([
      'GET /messages HTTP/1.1',
      'Host: HOST',
      'Connection: close, Upgrade',
      ...upgrade,
    ])
    expect(status).toBe(200)
  })
})

describe('an unsupported method', () => {
  // Covers IN-44, V13.4.4
  it.each(['PUT', 'TRACE', 'PROPFIND', 'SEARCH'])('is rejected on every path: %s', async (method) => {
    for (const path of ['/messages', '/messages/1', '/', '/healthz', '/absent']) {
      const response = await raw.send([`${method} ${path} HTTP/1.1`, 'Host: HOST', 'Connection: close'])
      expectHttpError(response, 405, 'method_not_allowed')
      expect(response.headers.allow).toMatch(/^(?:GET, HEAD(?:, POST)?|DELETE, GET, HEAD, PATCH)$/)
    }
  })

  // Covers V3.5.3
  it.each([
    ['DELETE', '/messages', 'HEAD, GET, POST'],
    ['PATCH', '/messages', 'HEAD, GET, POST'],
    ['PUT', '/messages/1', 'DELETE, HEAD, GET, PATCH'],
    ['PATCH', '/messages/1/history', 'HEAD, GET'],
    ['DELETE', '/messages/1/thread', 'HEAD, GET'],
    ['POST', '/topics', 'HEAD, GET'],
    ['DELETE', '/changes', 'HEAD, GET'],
    ['PATCH', '/absent', 'HEAD, GET'],
    ['TRACE', '/messages', 'HEAD, GET, POST'],
    ['POST', '/healthz', 'HEAD, GET'],
  ])('is rejected with the methods that are allowed: %s %s', async (method, path, allow) => {
    const { status, json, headers } = await raw.server.request(path, { method })
    expect([status, json.error.code]).toEqual([405, 'method_not_allowed'])
    expect(String(headers.allow).split(', ').sort()).toEqual(allow.split(', ').sort())
  })
})

it('HEAD receives a response without a body', async () => {
  const response = await raw.send(['HEAD /messages HTTP/1.1', 'Host: HOST', 'Connection: close'])
  expect(response.status).toBe(200)
  expect(response.text).toMatch(/\r\n\r\n$/)
})
