import { connect } from 'node:net'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exchange } from '../../testing/exchange.js'
import { expectHttpError } from '../../testing/expect-http-error.js'
import { fields, openPoster, PLAIN_JSON } from '../../testing/open-poster.js'
import { hasDuplicateKey } from './read-json.js'

let poster: Awaited<ReturnType<typeof openPoster>>
beforeAll(async () => {
  poster = await openPoster()
})
afterAll(() => poster[Symbol.asyncDispose]())

const valid = '{"content":"a","sender":"b"}'
const inContent = (...bytes: number[]) =>
  Buffer.concat([Buffer.from('{"sender":"b","content":"'), Buffer.from(bytes), Buffer.from('"}')])

describe('a request with a body', () => {
  // Covers IN-02, IN-03, IN-04
  it.each([
    ['none at all', undefined],
    ['plain text', 'text/plain'],
    ['a form', 'application/x-www-form-urlencoded'],
    ['a multipart form', 'multipart/form-data; boundary=x'],
    ['a JSON API document', 'application/vnd.api+json'],
    ['a CSP report', 'application/csp-report'],
    ['newline-delimited JSON', 'application/x-ndjson'],
    ['two types', 'application/json, text/plain'],
    ['a parameter without a value', 'application/json; charset'],
    ['JSONP', 'application/jsonp'],
    ['an unclosed quotation', 'application/json; charset="utf-8'],
    ['a stray quotation mark', 'application/json; charset=utf-8"'],
  ])('is rejected unless its media type is application/json: %s', async (_, type) => {
    await poster.expectError(
      poster.send(valid, type ? { 'content-type': type } : {}),
      415,
      'unsupported_media_type',
    )
  })

  // Covers IN-05
  it.each(['utf-16', 'iso-8859-1', 'utf-7', '"UTF-16"', 'utf-8; charset=utf-16', ''])(
    'is rejected unless its charset is UTF-8: %s',
    async (charset) => {
      const type = `application/json; charset=${charset}`
      await poster.expectError(poster.send(valid, { 'content-type': type }), 415, 'unsupported_charset')
    },
  )

  // Covers IN-06
  it.each([
    'application/json',
    'Application/JSON; Charset=UTF-8',
    'application/json;charset="utf-8"',
    'application/json ; profile=x',
    'application/json;',
    'application/json ; ;;charset=utf-8; ',
  ])('is accepted with any spelling of application/json in UTF-8: %s', async (type) => {
    expect((await poster.send(valid, { 'content-type': type })).status).toBe(201)
  })

  // Covers IN-27
  it('is accepted with a byte order mark', async () => {
    const type = 'Application/JSON ; Charset="UTF-8"'
    expect((await poster.send(`\ufeff${valid}`, { 'content-type': type })).status).toBe(201)
  })

  // Covers IN-07
  it.each<[string, string, string | Uint8Array]>([
    ['gzip', 'gzip', gzipSync(valid)],
    ['Brotli', 'br', brotliCompressSync(valid)],
    ['a gzip bomb', 'gzip', gzipSync(Buffer.alloc(10_000_000, ' '))],
    ['a broken gzip', 'gzip', 'not gzip'],
    ['an unknown encoding', 'x-foo', valid],
    ['Brotli without Brotli data', 'br', valid],
    ['two encodings', 'identity, gzip', valid],
    ['the same encoding twice', 'identity, identity', valid],
  ])('is rejected if it is encoded: %s', async (_, encoding, body) => {
    const headers = { 'content-type': PLAIN_JSON, 'content-encoding': encoding }
    await poster.expectError(poster.send(body, headers), 415, 'unsupported_encoding')
  })

  // Covers IN-07
  it.each(['identity', 'Identity', 'IDENTITY', ''])(
    'is accepted with any spelling of no encoding: %s',
    async (encoding) => {
      const headers = { 'content-type': PLAIN_JSON, 'content-encoding': encoding }
      expect((await poster.send(valid, headers)).status).toBe(201)
    },
  )
})

describe('a body', () => {
  // Covers IN-01, IN-08
  it.each([
    ['nothing', ''],
    ['blanks', '  \n'],
    ['half an object', '{'],
    ['single quotes', "{'content':'a','sender':'b'}"],
    ['a trailing comma', '{"content":"a","sender":"b",}'],
    ['a comment', '{"content":"a",/* */"sender":"b"}'],
    ['a line comment', '{"content":"a","sender":"b"}//'],
    ['two values', `${valid}${valid}`],
    ['a value and more', `${valid}]`],
    ['NaN', '{"content":NaN,"sender":"b"}'],
    ['Infinity', '{"content":-Infinity,"sender":"b"}'],
    ['a leading zero', '{"content":01,"sender":"b"}'],
    ['a leading plus', '{"content":+1,"sender":"b"}'],
    ['half a number', '{"content":1.,"sender":"b"}'],
    ['hexadecimal', '{"content":0x1,"sender":"b"}'],
    ['a bare word', '{content:"a","sender":"b"}'],
    ['a raw line break', '{"content":"a\nb","sender":"b"}'],
    ['a raw NUL', '{"content":"a\0b","sender":"b"}'],
    ['an unknown escape', '{"content":"\\x41","sender":"b"}'],
    ['half an escape', '{"content":"\\u12","sender":"b"}'],
    ['a no-break space', '{"content":"a",\u00a0"sender":"b"}'],
    ['two byte order marks', `\ufeff\ufeff${valid}`],
    ['UTF-16 without a declaration', Buffer.from(valid, 'utf16le')],
    ['two colons', '{"content"::"a","sender":"b"}'],
    ['true in capitals', '{"content":True,"sender":"b"}'],
  ])('is rejected if it is not JSON: %s', async (_, body) => {
    await poster.expectError(poster.send(body), 400, 'invalid_json')
  })

  // Covers IN-08
  it('that is not JSON is rejected without repeating it or the message of the parser', async () => {
    const { text } = await poster.send('{"content":"hunter2')
    expect(text).not.toMatch(/hunter2|position|Unexpected|JSON\.parse/)
  })

  // Covers IN-25, IN-26, V1.1.1
  it.each([
    ['a byte order mark of UTF-16', inContent(0xff, 0xfe)],
    ['a lone continuation', inContent(0x80)],
    ['a character cut short', inContent(0xe2, 0x82)],
    ['an overlong form', inContent(0xc0, 0x80)],
    ['a surrogate', inContent(0xed, 0xa0, 0x80)],
    ['beyond Unicode', inContent(0xf4, 0x90, 0x80, 0x80)],
    ['far beyond Unicode', inContent(0xf5, 0x80, 0x80, 0x80)],
    ['as long as its replacement', inContent(0xf0, 0x9f, 0x98)],
    ['a valid and an invalid replacement character', inContent(0xef, 0xbf, 0xbd, 0xff)],
    ['bytes after the end', Buffer.concat([Buffer.from(valid), Buffer.of(0xff)])],
  ])('is rejected if it is not UTF-8: %s', async (_, body) => {
    await poster.expectError(poster.send(body), 400, 'invalid_utf8')
  })

  // Covers IN-12, V15.3.7
  it.each([
    '{"content":"b","content":"c","sender":"a"}',
    '{"content":"b","sender":"a","\\u0063ontent":"c"}',
    '{"id":1,"id":1,"content":"b","sender":"a"}',
  ])('is rejected if it has a key twice: %s', async (body) => {
    await poster.expectError(poster.send(body), 400, 'duplicate_key')
  })
})

describe('a body that is too large', () => {
  // Covers IN-22, V2.3.2
  it.each([65_537, 10_000_000])('is rejected by its Content-Length: %i', async (length) => {
    await poster.expectError(poster.send('x'.repeat(length)), 413, 'body_too_large')
  })

  // Covers IN-22
  it('is rejected in the middle if it is chunked, and not read to its end', async () => {
    const { host, hostname, port } = new URL(poster.server.url)
    const socket = connect(Number(port), hostname)
    let response = ''
    socket.on('data', (data) => {
      response += data
    })
    socket.on('error', () => {})
    const closed = new Promise((resolve) => socket.once('close', resolve))
    const head = [
      'POST /messages HTTP/1.1',
      `Host: ${host}`,
      `Content-Type: ${PLAIN_JSON}`,
      'Transfer-Encoding: chunked',
    ]
    socket.write(`${head.join('\r\n')}\r\n\r\n`)
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`
    const megabytes = 256
    const pump = () => {
      while (!socket.destroyed && socket.bytesWritten < megabytes * 1_000_000)
        if (!socket.write(chunk)) return
    }
    socket.on('drain', pump)
    pump()
    await closed
    expect(response).toMatch(/^HTTP\/1\.1 413 .*"code":"body_too_large".*\}$/s)
    expect(response).toMatch(/^Connection: close\r$/m)
    expect(socket.bytesWritten).toBeLessThan(32_000_000)
  })

  it('has at least 65,537 bytes: exactly 64 KiB are accepted', async () => {
    const content = '😀'.repeat(16_000)
    const bytes = Buffer.byteLength(fields({ content }))
    const body = fields({ content }).padEnd(fields({ content }).length + 65_536 - bytes)
    expect(Buffer.byteLength(body)).toBe(65_536)
    expect((await poster.send(body)).status).toBe(201)
    await poster.expectError(poster.send(`${body} `), 413, 'body_too_large')
  })
})

describe('a request with Expect: 100-continue', () => {
  const send = (parts: string[], options?: { pauseMs: number }) => exchange(poster.server.url, parts, options)
  const head = (...headers: string[]) =>
    [
      'POST /messages HTTP/1.1',
      `Host: ${new URL(poster.server.url).host}`,
      `Content-Type: ${PLAIN_JSON}`,
      'Expect: 100-continue',
      ...headers,
      '',
      '',
    ].join('\r\n')

  // Covers IN-53
  it('is rejected without reading its body if that is too large', async () => {
    const response = await send([head('Content-Length: 1000000000')])
    expectHttpError(response, 413, 'body_too_large')
    expect(response.took).toBeLessThan(2_000)
  })

  it('is told to continue if its body is wanted', async () => {
    const { text } = await send([head(`Content-Length: ${valid.length}`, 'Connection: close'), valid], {
      pauseMs: 50,
    })
    expect(text).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 201 /)
  })
})

describe('hasDuplicateKey()', () => {
  it.each([
    ['{"a":1,"a":2}', true],
    ['{"a":1,"\\u0061":2}', true],
    ['{"a":1,"b":{"a":2}}', false],
    ['{"a":{"b":1},"a":2}', true],
    ['{"a":"{\\"a\\":1}"}', false],
    ['{"a":"b","b":"a"}', false],
    ['[{"a":1},{"a":2}]', false],
    ['"a"', false],
    ['{}', false],
  ])('finds repeated keys of the outermost object only: %s -> %s', (json, expected) => {
    expect(hasDuplicateKey(json)).toBe(expected)
  })

  it('returns false for everything that JSON.stringify produces', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => !hasDuplicateKey(JSON.stringify(value))))
  })

  // Covers IN-12
  it('is fast for deeply nested text', () => {
    const deep = `{"a":${'['.repeat(30_000)}${']'.repeat(30_000)},"a":1}`
    expect(hasDuplicateKey(deep)).toBe(true)
  })
})
