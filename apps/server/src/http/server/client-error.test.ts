import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exchange } from '../../testing/exchange.js'
import { expectHttpError } from '../../testing/expect-http-error.js'
import { openRawServer, postLines } from '../../testing/servers/open-raw-server.js'

let raw: Awaited<ReturnType<typeof openRawServer>>
beforeAll(async () => {
  raw = await openRawServer()
})
afterAll(() => raw[Symbol.asyncDispose]())

const valid = '{"content":"a","sender":"b"}'

describe('bytes that are not valid HTTP', () => {
  it.each([
    ['garbage', 'garbage\r\n\r\n', 400],
    ['a request without a host', 'GET / HTTP/1.1\r\n\r\n', 400],
    [
      'a request with two hosts',
      'GET /messages HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\nConnection: close\r\n\r\n',
      400,
    ],
    ['a header of 17 kB', `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`, 431],
  ])('receive an error in the common format: %s', async (_, text, expected) => {
    const { status, json, headers } = await exchange(raw.server.url, [text])
    expect(status).toBe(expected)
    expect(json).toMatchObject({ status: 'error' })
    expect(headers['x-content-type-options']).toBe('nosniff')
  })

  const chunked = 'Transfer-Encoding: chunked'
  // Covers IN-51, V3.4.3, V4.2.1
  it.each([
    ['a length and chunks', [...postLines('Content-Length: 28', chunked)], valid],
    ['two lengths', postLines('Content-Length: 28', 'Content-Length: 5'), valid],
    ['a negative length', postLines('Content-Length: -1'), valid],
    ['a length with a sign', postLines('Content-Length: +28'), valid],
    ['a length that is a list', postLines('Content-Length: 28, 28'), valid],
    ['a length in hexadecimal', postLines('Content-Length: 0x1c'), valid],
    ['a bad chunk', postLines(chunked), 'zz\r\n{}\r\n0\r\n\r\n'],
    ['a negative chunk', postLines(chunked), '-1\r\n{}\r\n0\r\n\r\n'],
    ['a chunk of 2^64 bytes', postLines(chunked), '10000000000000000\r\n{}\r\n0\r\n\r\n'],
    ['chunks that are not the last encoding', postLines('Transfer-Encoding: chunked, identity'), valid],
    ['a folded header', ['GET /messages HTTP/1.1', 'Host: HOST', 'X: a', ' b'], ''],
    ['a space before the colon', ['GET /messages HTTP/1.1', 'Host : HOST'], ''],
    ['a header without a colon', ['GET /messages HTTP/1.1', 'Host: HOST', 'nothing'], ''],
    ['NUL in a header', ['GET /messages HTTP/1.1', 'Host: HOST', 'X: a\0b'], ''],
    ['another version', ['GET /messages HTTP/9.9', 'Host: HOST'], ''],
    ['HTTP/2.0 in the request line', ['GET /healthz HTTP/2.0', 'Host: HOST', 'Connection: close'], ''],
    ['HTTP/0.9 in the request line', ['GET /healthz HTTP/0.9', 'Host: HOST', 'Connection: close'], ''],
    ['a preface of HTTP/2', ['PRI * HTTP/2.0'], 'SM\r\n\r\n'],
    ['TLS', ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'], ''],
    ['a space in the URL', ['GET /mess ages HTTP/1.1', 'Host: HOST'], ''],
  ])('are rejected, and the connection is closed: %s', async (_, lines, body) => {
    const before = await raw.server.engine.list()
    expectHttpError(await raw.send(lines, body), 400, 'invalid_request')
    expect(await raw.server.engine.list()).toEqual(before)
  })

  // Covers IN-51
  it('are rejected if lines end without a carriage return', async () => {
    const text = `GET /messages HTTP/1.1\nHost: ${raw.host}\nConnection: close\n\n`
    expectHttpError(await exchange(raw.server.url, [text]), 400, 'invalid_request')
  })

  // Covers IN-44
  it.each(['FOO', 'get', 'G ET', ''])('are rejected if the method is unknown: %s', async (method) => {
    expectHttpError(await raw.send([`${method} /messages HTTP/1.1`, 'Host: HOST']), 400, 'invalid_request')
  })
})

// Covers V4.2.1
it('the bytes after a rejected request are not read as another request', async () => {
  const second = `GET /healthz HTTP/1.1\r\nHost: ${raw.host}\r\n\r\n`
  expectHttpError(await raw.send(postLines('Content-Length: 100000'), second), 413, 'body_too_large')
})

// Covers IN-44
it('CONNECT is rejected with the methods that are allowed', async () => {
  const response = await raw.send(['CONNECT evil.example:443 HTTP/1.1', 'Host: evil.example:443'])
  expectHttpError(response, 405, 'method_not_allowed')
  expect(response.headers.allow).toBe('GET, HEAD, POST')
})
