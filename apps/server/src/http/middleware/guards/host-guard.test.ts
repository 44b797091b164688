import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exchange } from '../../../testing/exchange.js'
import { expectRefusal } from '../../../testing/expect-http-error.js'
import { openTestServer } from '../../../testing/open-test-server.js'

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

describe('the host', () => {
  // Covers IN-47, IN-49, V3.5.1
  it.each([
    ['none', ['GET /messages HTTP/1.1']],
    ['none, in HTTP/1.0', ['GET /messages HTTP/1.0']],
    ['an empty one', ['GET /messages HTTP/1.1', 'Host: ']],
    ['two', ['GET /messages HTTP/1.1', 'Host: HOST', 'Host: evil.example']],
    ['the same twice', ['GET /messages HTTP/1.1', 'Host: HOST', 'host: HOST']],
    ['two in one', ['GET /messages HTTP/1.1', 'Host: HOST, evil.example']],
  ])('is refused: %s', async (_, lines) => {
    expectRefusal(await send([...lines, 'Connection: close']), 400, 'invalid_host')
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
  ])('is not ours: %s', async (name) => {
    const lines = ['GET /messages HTTP/1.1', `Host: ${name.replace('PORT', new URL(server.url).port)}`]
    expectRefusal(await send([...lines, 'Connection: close']), 421, 'host_not_allowed')
  })

  // Covers IN-54
  it.each([
    'http://evil.example/messages',
    'https://HOST/messages',
    'ftp://HOST/messages',
    'http:///messages',
  ])('is not ours in a target that is a whole address: %s', async (target) => {
    expectRefusal(await get(target), 421, 'host_not_allowed')
  })

  it.each(['http://HOST/messages', 'http://localhost:PORT/messages?limit=1'])(
    'may be in the target, where it is ours: %s',
    async (target) => {
      const { status } = await get(target.replace('PORT', new URL(server.url).port))
      expect(status).toBe(200)
    },
  )
})

describe('a request of another site', () => {
  it.each([
    ['Origin: https://evil.example'],
    ['Origin: null'],
    ['Origin: http://HOST.evil.example'],
    ['Origin: https://HOST'],
    ['Sec-Fetch-Site: cross-site'],
    ['Sec-Fetch-Site: same-site'],
    ['Origin: http://HOST', 'Sec-Fetch-Site: cross-site'],
  ])('is refused: %s', async (...headers) => {
    expectRefusal(await get('/messages', ...headers), 403, 'origin_not_allowed')
    expectRefusal(await get('/', ...headers), 403, 'origin_not_allowed')
  })

  // Covers IN-45, V3.4.2
  it('learns nothing from a preflight', async () => {
    const answer = await send([
      'OPTIONS /messages HTTP/1.1',
      'Host: HOST',
      'Origin: https://evil.example',
      'Access-Control-Request-Method: POST',
      'Connection: close',
    ])
    expect(answer.status).toBe(204)
    expect(answer.headers.allow).toBe('GET, HEAD, POST')
    expect(answer.text).not.toMatch(/access-control/i)
  })

  // Covers IN-50, V4.1.3
  it('cannot be disguised as another by a proxy', async () => {
    const forged = ['X-Forwarded-Host: evil.example', 'X-Forwarded-Proto: https', 'X-Forwarded-For: 10.0.0.1']
    expect((await get('/messages', ...forged)).status).toBe(200)
    expect((await get('/messages', 'Forwarded: host=evil.example')).status).toBe(200)
  })
})
