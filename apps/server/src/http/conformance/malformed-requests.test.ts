import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exchange } from '../../testing/exchange.js'
import { expectRefusal } from '../../testing/expect-http-error.js'
import { openTestServer } from '../../testing/open-test-server.js'

let server: Awaited<ReturnType<typeof openTestServer>>
let host: string
beforeAll(async () => {
  server = await openTestServer()
  host = new URL(server.url).host
})
afterAll(() => server[Symbol.asyncDispose]())

/** A request of these lines; `HOST` in it is the server's own name. */
const send = (lines: readonly string[], body = '') =>
  exchange(server.url, [`${lines.join('\r\n').replaceAll('HOST', host)}\r\n\r\n${body}`])
const get = (target: string, ...headers: string[]) =>
  send([`GET ${target} HTTP/1.1`, 'Host: HOST', 'Connection: close', ...headers])
const json = 'Content-Type: application/json'
const post = (...headers: string[]) => ['POST /messages HTTP/1.1', 'Host: HOST', json, ...headers]
const valid = '{"content":"a","sender":"b"}'

describe('a method', () => {
  // Covers IN-44, V13.4.4
  it.each(['PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND', 'SEARCH'])(
    'is refused everywhere: %s',
    async (method) => {
      for (const path of ['/messages', '/messages/1', '/', '/healthz', '/absent']) {
        const answer = await send([`${method} ${path} HTTP/1.1`, 'Host: HOST', 'Connection: close'])
        expectRefusal(answer, 405, 'method_not_allowed')
        expect(answer.headers.allow).toMatch(/^GET, HEAD(, POST)?$/)
      }
    },
  )

  // Covers IN-44
  it('is refused: CONNECT', async () => {
    const answer = await send(['CONNECT evil.example:443 HTTP/1.1', 'Host: evil.example:443'])
    expectRefusal(answer, 405, 'method_not_allowed')
    expect(answer.headers.allow).toBe('GET, HEAD, POST')
  })

  // Covers IN-44
  it.each(['FOO', 'get', 'G ET', ''])('is no method: %s', async (method) => {
    expectRefusal(await send([`${method} /messages HTTP/1.1`, 'Host: HOST']), 400, 'invalid_request')
  })

  it('is answered without a body: HEAD', async () => {
    const answer = await send(['HEAD /messages HTTP/1.1', 'Host: HOST', 'Connection: close'])
    expect(answer.status).toBe(200)
    expect(answer.text).toMatch(/\r\n\r\n$/)
  })

  it('is answered for the server as a whole: OPTIONS *', async () => {
    expect((await send(['OPTIONS * HTTP/1.1', 'Host: HOST', 'Connection: close'])).status).toBe(204)
  })

  // Covers IN-61, IN-62, IN-63, IN-64
  it('turns nothing into a WebSocket', async () => {
    const upgrade = [
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    ]
    const { status } = await send([
      'GET /messages HTTP/1.1',
      'Host: HOST',
      'Connection: close, Upgrade',
      ...upgrade,
    ])
    expect(status).toBe(200)
  })
})

describe('headers', () => {
  // Covers IN-46
  it.each([
    ['an address of 17 kB', `/messages?${'x'.repeat(17_000)}`, []],
    ['a header of 20 kB', '/messages', [`X: ${'x'.repeat(20_000)}`]],
    ['200 headers', '/messages', Array.from({ length: 200 }, (_, number) => `X-${number}: 1`)],
    ['65 headers', '/messages', Array.from({ length: 63 }, (_, number) => `X-${number}: 1`)],
  ])('are too large: %s', async (_, target, headers) => {
    expectRefusal(await get(target, ...headers), 431, 'headers_too_large')
  })

  it('may be 64', async () => {
    const headers = Array.from({ length: 62 }, (_, number) => `X-${number}: 1`)
    expect((await get('/messages', ...headers)).status).toBe(200)
  })

  // Covers V15.3.7
  it.each([
    'Origin: http://HOST',
    'Authorization: Bearer a',
    'Content-Type: text/plain',
    'Idempotency-Key: a',
  ])('must not say two things: %s', async (header) => {
    expectRefusal(await get('/messages', header, header), 400, 'invalid_header')
  })

  it('may be longer than 16 KiB in no part: a chunk extension', async () => {
    const chunk = `1;${'x'.repeat(20_000)}\r\n{\r\n0\r\n\r\n`
    expect((await send(post('Transfer-Encoding: chunked'), chunk)).status).toBe(400)
  })
})

describe('what is not quite HTTP', () => {
  const chunked = 'Transfer-Encoding: chunked'
  // Covers IN-51, V3.4.3, V4.2.1
  it.each([
    ['a length and chunks', [...post('Content-Length: 28', chunked)], valid],
    ['two lengths', post('Content-Length: 28', 'Content-Length: 5'), valid],
    ['a negative length', post('Content-Length: -1'), valid],
    ['a length with a sign', post('Content-Length: +28'), valid],
    ['a length that is a list', post('Content-Length: 28, 28'), valid],
    ['a length in hexadecimal', post('Content-Length: 0x1c'), valid],
    ['a bad chunk', post(chunked), 'zz\r\n{}\r\n0\r\n\r\n'],
    ['a negative chunk', post(chunked), '-1\r\n{}\r\n0\r\n\r\n'],
    ['a chunk of 2^64 bytes', post(chunked), '10000000000000000\r\n{}\r\n0\r\n\r\n'],
    ['chunks that are not the last encoding', post('Transfer-Encoding: chunked, identity'), valid],
    ['a folded header', ['GET /messages HTTP/1.1', 'Host: HOST', 'X: a', ' b'], ''],
    ['a space before the colon', ['GET /messages HTTP/1.1', 'Host : HOST'], ''],
    ['a header without a colon', ['GET /messages HTTP/1.1', 'Host: HOST', 'nothing'], ''],
    ['NUL in a header', ['GET /messages HTTP/1.1', 'Host: HOST', 'X: a\0b'], ''],
    ['another version', ['GET /messages HTTP/9.9', 'Host: HOST'], ''],
    ['HTTP/2.0 in the first line', ['GET /healthz HTTP/2.0', 'Host: HOST', 'Connection: close'], ''],
    ['HTTP/0.9 in the first line', ['GET /healthz HTTP/0.9', 'Host: HOST', 'Connection: close'], ''],
    ['a preface of HTTP/2', ['PRI * HTTP/2.0'], 'SM\r\n\r\n'],
    ['TLS', ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'], ''],
    ['a space in the address', ['GET /mess ages HTTP/1.1', 'Host: HOST'], ''],
  ])('is refused, and the connection closed: %s', async (_, lines, body) => {
    const before = await server.engine.list()
    expectRefusal(await send(lines, body), 400, 'invalid_request')
    expect(await server.engine.list()).toEqual(before)
  })

  // Covers IN-51
  it('is refused where lines end without a carriage return', async () => {
    const text = `GET /messages HTTP/1.1\nHost: ${host}\nConnection: close\n\n`
    expectRefusal(await exchange(server.url, [text]), 400, 'invalid_request')
  })

  // Covers V4.2.1
  it('ends the connection: what follows is not taken for a request', async () => {
    const second = `GET /healthz HTTP/1.1\r\nHost: ${host}\r\n\r\n`
    const answer = await send(post('Content-Length: 100000'), second)
    expectRefusal(answer, 413, 'body_too_large')
  })
})

describe('an expectation', () => {
  // Covers IN-53
  it('other than 100-continue is not met', async () => {
    expectRefusal(await get('/messages', 'Expect: 200-ok'), 417, 'expectation_failed')
  })

  // Covers IN-53
  it('of a body that is too large is refused without asking for it', async () => {
    const answer = await send(post('Expect: 100-continue', 'Content-Length: 1000000000'))
    expectRefusal(answer, 413, 'body_too_large')
    expect(answer.took).toBeLessThan(2_000)
  })

  it('is met where the body is wanted', async () => {
    const headers = post('Expect: 100-continue', `Content-Length: ${valid.length}`, 'Connection: close')
    const head = `${headers.join('\r\n').replaceAll('HOST', host)}\r\n\r\n`
    const { text } = await exchange(server.url, [head, valid], { pauseMs: 50 })
    expect(text).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 201 /)
  })
})

describe('an address', () => {
  const dots = ['/../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/..%2f..%2fetc%2fpasswd', '//etc/passwd']
  const odd = ['/%00', '/%ff', '/%', '/.git/config', '/CON', '/index.html%00.png', '/INDEX.HTML', '/\\..\\x']
  // Covers V1.1.1, V4.1.1, V5.3.2, V13.4.1
  it.each([...dots, ...odd])('leads nowhere: %s', async (path) => {
    expectRefusal(await get(path), 404, 'not_found')
  })

  // Covers IN-43
  it.each([
    '../x',
    '..%2f..%2fx',
    '%00',
    '%ff',
    '%',
    '.git',
    'CON',
    '1.0',
    '01',
    '0',
    '-1',
    '1e0',
    '9'.repeat(300),
  ])('is of no message: /messages/%s', async (key) => {
    expectRefusal(await get(`/messages/${key}`), 404, 'not_found')
  })

  it.each(['//#@%20', '/messages#x', '/mess\u00a0ages', '/\u00ff', 'http://HOST/#x'])(
    'is no address: %s',
    async (path) => {
      const text = `GET ${path.replace('HOST', host)} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`
      expectRefusal(await exchange(server.url, [Buffer.from(text, 'latin1')]), 400, 'invalid_request')
    },
  )

  // Covers IN-55, V14.2.1
  it.each([
    'access_token=x',
    'a=1&token=x',
    'Bearer=x',
    'access-token=x',
    'access%5Ftoken=x',
    '%74oken=x',
    'x=%zz&%74oken=x',
    'Api-Key=x',
    'jwt=x',
    `q=gitmsg_${'a'.repeat(43)}`,
    `sender=gitmsg%5F${'a'.repeat(43)}`,
    `gitmsg_${'a'.repeat(42)}%61`,
  ])('never holds a token: ?%s', async (query) => {
    for (const path of ['/', '/messages', '/healthz', '/absent'])
      expectRefusal(await get(`${path}?${query}`), 400, 'invalid_query')
  })
})
