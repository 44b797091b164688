import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectHttpError } from '../../../testing/expect-http-error.js'
import { openRawServer, postLines } from '../../../testing/open-raw-server.js'

let raw: Awaited<ReturnType<typeof openRawServer>>
beforeAll(async () => {
  raw = await openRawServer()
})
afterAll(() => raw[Symbol.asyncDispose]())

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
