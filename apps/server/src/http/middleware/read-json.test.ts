import { connect } from 'node:net'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fields, openPoster, PLAIN_JSON } from '../../testing/open-poster.js'

let poster: Awaited<ReturnType<typeof openPoster>>
beforeAll(async () => {
  poster = await openPoster()
})
afterAll(() => poster[Symbol.asyncDispose]())

const valid = '{"content":"a","sender":"b"}'
const inContent = (...bytes: number[]) =>
  Buffer.concat([Buffer.from('{"sender":"b","content":"'), Buffer.from(bytes), Buffer.from('"}')])

describe('what is not a JSON body', () => {
  // Covers IN-02, IN-03, IN-04
  it.each([
    ['none at all', undefined],
    ['text', 'text/plain'],
    ['a form', 'application/x-www-form-urlencoded'],
    ['a form with files', 'multipart/form-data; boundary=x'],
    ['another JSON', 'application/vnd.api+json'],
    ['a report', 'application/csp-report'],
    ['many JSONs', 'application/x-ndjson'],
    ['a list of types', 'application/json, text/plain'],
    ['a parameter without a value', 'application/json; charset'],
    ['a prefix', 'application/jsonp'],
    ['half a quotation', 'application/json; charset="utf-8'],
    ['a name without an end', 'application/json; charset=utf-8"'],
  ])('is refused by its type: %s', async (_, type) => {
    await poster.expectRefusal(
      poster.send(valid, type ? { 'content-type': type } : {}),
      415,
      'unsupported_media_type',
    )
  })

  // Covers IN-05
  it.each(['utf-16', 'iso-8859-1', 'utf-7', '"UTF-16"', 'utf-8; charset=utf-16', ''])(
    'is refused by its charset: %s',
    async (charset) => {
      const type = `application/json; charset=${charset}`
      await poster.expectRefusal(poster.send(valid, { 'content-type': type }), 415, 'unsupported_charset')
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
  ])('is none of these: %s', async (type) => {
    expect((await poster.send(valid, { 'content-type': type })).status).toBe(201)
  })

  // Covers IN-07
  it.each<[string, string, string | Uint8Array]>([
    ['gzip', 'gzip', gzipSync(valid)],
    ['brotli', 'br', brotliCompressSync(valid)],
    ['a gzip bomb', 'gzip', gzipSync(Buffer.alloc(10_000_000, ' '))],
    ['a broken gzip', 'gzip', 'not gzip'],
    ['an unknown one', 'x-foo', valid],
    ['two', 'identity, gzip', valid],
    ['the same twice', 'identity, identity', valid],
  ])('is refused by its encoding: %s', async (_, encoding, body) => {
    const headers = { 'content-type': PLAIN_JSON, 'content-encoding': encoding }
    await poster.expectRefusal(poster.send(body, headers), 415, 'unsupported_encoding')
  })

  // Covers IN-07
  it.each(['identity', 'Identity', 'IDENTITY', ''])(
    'is not refused for having no encoding: %s',
    async (encoding) => {
      const headers = { 'content-type': PLAIN_JSON, 'content-encoding': encoding }
      expect((await poster.send(valid, headers)).status).toBe(201)
    },
  )
})

describe('what is not JSON', () => {
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
    ['another white space', '{"content":"a",\u00a0"sender":"b"}'],
    ['two byte order marks', `\ufeff\ufeff${valid}`],
    ['UTF-16 without saying so', Buffer.from(valid, 'utf16le')],
    ['a colon too many', '{"content"::"a","sender":"b"}'],
    ['true in capitals', '{"content":True,"sender":"b"}'],
  ])('is refused: %s', async (_, body) => {
    await poster.expectRefusal(poster.send(body), 400, 'invalid_json')
  })

  // Covers IN-08
  it('is named without repeating what was sent, or how the parser put it', async () => {
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
    ['bytes after the end', Buffer.concat([Buffer.from(valid), Buffer.of(0xff)])],
  ])('is refused where it is not UTF-8: %s', async (_, body) => {
    await poster.expectRefusal(poster.send(body), 400, 'invalid_utf8')
  })

  // Covers IN-12, V15.3.7
  it.each([
    '{"content":"b","content":"c","sender":"a"}',
    '{"content":"b","sender":"a","\\u0063ontent":"c"}',
    '{"id":1,"id":1,"content":"b","sender":"a"}',
  ])('has a key twice: %s', async (body) => {
    await poster.expectRefusal(poster.send(body), 400, 'duplicate_key')
  })
})

describe('a body that is too large', () => {
  // Covers IN-22, V2.3.2
  it.each([65_537, 10_000_000])('is refused by the length that it says it has: %i', async (length) => {
    await poster.expectRefusal(poster.send('x'.repeat(length)), 413, 'body_too_large')
  })

  // Covers IN-22
  it('is refused in the middle where it comes in chunks, and not read to its end', async () => {
    const { host, hostname, port } = new URL(poster.server.url)
    const socket = connect(Number(port), hostname)
    let answer = ''
    socket.on('data', (data) => {
      answer += data
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
    expect(answer).toMatch(/^HTTP\/1\.1 413 .*"code":"body_too_large".*\}$/s)
    expect(answer).toMatch(/^Connection: close\r$/m)
    expect(socket.bytesWritten).toBeLessThan(32_000_000)
  })

  it('is not one at 64 KiB exactly', async () => {
    const content = '😀'.repeat(16_000)
    const bytes = Buffer.byteLength(fields({ content }))
    const body = fields({ content }).padEnd(fields({ content }).length + 65_536 - bytes)
    expect(Buffer.byteLength(body)).toBe(65_536)
    expect((await poster.send(body)).status).toBe(201)
    await poster.expectRefusal(poster.send(`${body} `), 413, 'body_too_large')
  })
})
