import { setTimeout as pause } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exchange } from '../testing/exchange.js'
import { expectDescribed } from '../testing/live/described-frames.js'
import { clientFrame, handshake, openRawSocket } from '../testing/live/open-raw-socket.js'
import { openWelcomed } from '../testing/live/open-socket.js'
import { openTestServer } from '../testing/servers/open-test-server.js'

const SECRET = `gitmsg_${'a'.repeat(43)}`
const HELLO = clientFrame('{"type":"hello"}')
const GUESS = `{"type":"hello","token":"${SECRET}"}`
const STORED = 'the text of a message'

let server: Awaited<ReturnType<typeof openTestServer>>
let host: string
beforeAll(async () => {
  server = await openTestServer({ isStandby: true, liveTimes: { helloMs: 300, sweepMs: 50 } })
  host = new URL(server.url).host
  await server.post({ content: STORED, sender: 'a' })
})
afterAll(() => server[Symbol.asyncDispose]())

/** The server serves others, and has room again. */
async function expectWell(): Promise<void> {
  await expect.poll(() => server.live?.connections).toBe(0)
  using live = await openWelcomed(server.url)
  const { position } = live.place()
  await server.post({ content: 'a', sender: 'b' })
  expect(await live.until(({ type }) => type === 'messages')).toMatchObject({ after: position })
}

describe('a handshake of the live channel', () => {
  // Covers IN-64, V4.4.2
  it.each<[string, Record<string, string | null>, string, number, string]>([
    ['of another site', { Origin: 'https://evil.example' }, '/live', 403, 'origin_not_allowed'],
    ['of a sandboxed page', { Origin: 'null' }, '/live', 403, 'origin_not_allowed'],
    [
      'from another site without an origin',
      { 'Sec-Fetch-Site': 'cross-site' },
      '/live',
      403,
      'origin_not_allowed',
    ],
    ['for another host', { Host: 'evil.example' }, '/live', 421, 'host_not_allowed'],
    ['without a host', { Host: null }, '/live', 400, 'invalid_host'],
    ['for another host in its target', {}, 'http://evil.example/live', 421, 'host_not_allowed'],
    ['with a token in the query', {}, `/live?token=${SECRET}`, 400, 'invalid_query'],
    ['with any query', {}, '/live?after=a:1', 400, 'invalid_query'],
    [
      'with a token as subprotocol',
      { 'Sec-WebSocket-Protocol': `gitmsg.live.v1, ${SECRET}` },
      '/live',
      400,
      'invalid_header',
    ],
    ['with another subprotocol', { 'Sec-WebSocket-Protocol': 'chat' }, '/live', 400, 'invalid_header'],
    [
      'with a malformed subprotocol',
      { 'Sec-WebSocket-Protocol': 'gitmsg.live.v1,' },
      '/live',
      400,
      'invalid_request',
    ],
    ['without a key', { 'Sec-WebSocket-Key': null }, '/live', 400, 'invalid_request'],
    ['with a malformed key', { 'Sec-WebSocket-Key': 'a' }, '/live', 400, 'invalid_request'],
    ['of another version', { 'Sec-WebSocket-Version': '99' }, '/live', 400, 'invalid_request'],
    ['with a repeated header', { Origin: `http://x`, origin: 'http://y' }, '/live', 400, 'invalid_header'],
    ['with an expectation', { Expect: 'miracles' }, '/live', 417, 'expectation_failed'],
    [
      'with too many headers',
      Object.fromEntries(Array.from({ length: 64 }, (_, n) => [`x-${n}`, 'x'])),
      '/live',
      431,
      'headers_too_large',
    ],
  ])('is rejected %s', async (_, headers, target, status, code) => {
    const response = await exchange(server.url, [handshake(host, headers, target)])
    expect([response.status, response.json?.error.code]).toEqual([status, code])
    expect(response.headers).toMatchObject({ 'x-content-type-options': 'nosniff', connection: 'close' })
    expect(response.text).not.toContain('aaaa')
    expect(server.live?.connections).toBe(0)
  })

  it('gets no compression', async () => {
    using raw = openRawSocket(server.url)
    raw.write(handshake(host, { 'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits' }))
    await expect.poll(() => String(raw.received())).toMatch(/^HTTP\/1\.1 101 /)
    expect(String(raw.received()).toLowerCase()).not.toContain('extensions')
  })

  it.each(['h2c', 'websocket', 'TLS/1.0'])(
    'for another endpoint is served as a request: %s',
    async (protocol) => {
      const headers = [`Host: ${host}`, 'Connection: Upgrade, HTTP2-Settings', `Upgrade: ${protocol}`]
      const body = '{"content":"upgraded","sender":"b"}'
      const post = [
        'POST /messages HTTP/1.1',
        ...headers,
        'Content-Type: application/json',
        `Content-Length: ${body.length}`,
      ]
      const get = ['GET /healthz HTTP/1.1', `Host: ${host}`, 'Connection: close']
      const [start, end] = [body.slice(0, 5), body.slice(5)]
      const { status, json, text } = await exchange(
        server.url,
        [`${post.join('\r\n')}\r\n\r\n${start}`, `${end}${get.join('\r\n')}\r\n\r\n`],
        { pauseMs: 50 },
      )
      expect(status).toBe(201)
      expect(await server.engine.find(json.message_id)).toMatchObject({ content: 'upgraded' })
      // The next request on the connection is served too.
      expect(text).toContain('{"status":"ok"}')
    },
  )

  it('while a response is under way on its connection closes that', async () => {
    const get = `GET /messages HTTP/1.1\r\nHost: ${host}\r\n\r\n`
    const { text } = await exchange(server.url, [`${get}${handshake(host)}`], { patience: 2_000 })
    expect(text).not.toContain(' 101 ')
    await expectWell()
  })
})

describe('a client of the live channel', () => {
  const invalid = [
    ['', '{', '[]', 'null', '1', '"hello"', '{}', '{"type":"post"}', '{"type":"hello","more":1}'],
    ['{"type":"hello","after":1}', '{"type":"hello","after":{"epoch":"a"}}', '{"type":"hello","topics":"a"}'],
    [
      '{"type":"hello","after":{"epoch":"","position":0}}',
      '{"type":"hello","after":{"epoch":"a","position":-1}}',
    ],
    [
      '{"type":"hello","after":{"epoch":"a","position":1.5}}',
      '{"type":"hello","token":""}',
      '{"type":"hello","token":1}',
    ],
    ['{"type":"hello","__proto__":{"type":"hello"}}', `{"type":"hello","topics":[${'"a",'.repeat(64)}"a"]}`],
  ].flat()
  const cases: [string, (Uint8Array | string)[], number][] = [
    ...invalid.map((text): [string, Uint8Array[], number] => [
      `sends ${text.slice(0, 60)}`,
      [clientFrame(text)],
      1008,
    ]),
    ['sends an invalid frame later', [HELLO, clientFrame('{}')], 1008],
    ['sends binary', [clientFrame('{"type":"hello"}', { opcode: 2 })], 1003],
    ['sends more than 4 KiB', [clientFrame('x'.repeat(4097))], 1009],
    [
      'sends more than 4 KiB in fragments',
      [clientFrame('x'.repeat(4000), { isFinal: false }), clientFrame('x'.repeat(97), { opcode: 0 })],
      1009,
    ],
    ['announces 2^63 bytes', [Buffer.from([0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])], 1009],
    ['announces 2 GiB', [Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0])], 1009],
    ['sends invalid UTF-8', [clientFrame(Uint8Array.of(0xff, 0xfe))], 1007],
    ['sends without a mask', [clientFrame('{"type":"hello"}', { isMasked: false })], 1002],
    ['sends compressed', [clientFrame('{"type":"hello"}', { reserved: 4 })], 1002],
    ['sends reserved bits', [clientFrame('{"type":"hello"}', { reserved: 1 })], 1002],
    ['sends a reserved opcode', [clientFrame('', { opcode: 3 })], 1002],
    ['continues nothing', [clientFrame('x', { opcode: 0 })], 1002],
    ['begins a message within another', [clientFrame('x', { isFinal: false }), clientFrame('x')], 1002],
    ['sends a fragmented ping', [clientFrame('', { opcode: 9, isFinal: false })], 1002],
    ['sends a long ping', [clientFrame('x'.repeat(126), { opcode: 9 })], 1002],
    ['closes with an invalid code', [clientFrame(Uint8Array.of(0x03, 0xed), { opcode: 8 })], 1002],
    ['closes with half a code', [clientFrame(Uint8Array.of(0x03), { opcode: 8 })], 1002],
    ['closes with an invalid reason', [clientFrame(Uint8Array.of(0x03, 0xe8, 0xff), { opcode: 8 })], 1007],
    ['closes at once', [clientFrame('', { opcode: 8 })], 1005],
    ['goes on after closing', [clientFrame(Uint8Array.of(0x03, 0xe8), { opcode: 8 }), HELLO], 1000],
    ['floods hellos', Array.from({ length: 200 }, () => HELLO), 1008],
    [
      'floods pings',
      [HELLO, ...Array.from({ length: 200 }, () => clientFrame('x'.repeat(125), { opcode: 9 }))],
      1008,
    ],
    ['floods pongs', [HELLO, ...Array.from({ length: 200 }, () => clientFrame('', { opcode: 10 }))], 1008],
    [
      'floods empty fragments',
      [
        HELLO,
        clientFrame('{', { isFinal: false }),
        ...Array.from({ length: 5_000 }, () => clientFrame('', { opcode: 0, isFinal: false })),
      ],
      1008,
    ],
    ['guesses tokens', [HELLO, ...Array.from({ length: 100 }, () => clientFrame(GUESS))], 1008],
    ['sends nothing', [], 4408],
    ['sends a frame without its end', [HELLO.subarray(0, 9)], 4408],
    ['sends a message without its end', [clientFrame('{"type":', { isFinal: false })], 4408],
    ['sends HTTP', ['GET /messages HTTP/1.1\r\n\r\n'], 1002],
  ]

  // Covers IN-64
  it.each(cases)('that %s gets the right close code', async (_, parts, code) => {
    using raw = openRawSocket(server.url)
    raw.write(handshake(host))
    for (const part of parts) raw.write(part)
    await expect.poll(() => raw.closeCode(), { timeout: 5_000 }).toBe(code)
    raw.end()
    await raw.ended
    for (const frame of raw.frames()) expectDescribed(frame)
    expect(String(raw.received())).not.toContain(STORED)
    await expect.poll(() => server.live?.connections).toBe(0)
  })

  it('that is half-open after its hello is gone, and its place is free', async () => {
    using raw = openRawSocket(server.url)
    raw.write(handshake(host))
    raw.write(HELLO)
    await expect.poll(() => String(raw.received())).toContain('welcome')
    raw.end()
    await expectWell()
  })

  it('may send its hello with the handshake, byte by byte', async () => {
    using raw = openRawSocket(server.url)
    for (const byte of Buffer.concat([Buffer.from(handshake(host)), HELLO])) raw.write(Uint8Array.of(byte))
    await expect.poll(() => String(raw.received())).toContain('"type":"welcome"')
  })

  it('that sends random bytes leaves the server well', async () => {
    const opcode = fc.constantFrom(0, 1, 1, 1, 2, 8, 9, 10, 5)
    const text = fc.oneof(fc.constant('{"type":"hello"}'), fc.json(), fc.string())
    const frame = fc
      .record({
        text,
        opcode,
        isFinal: fc.boolean(),
        isMasked: fc.boolean(),
        reserved: fc.constantFrom(0, 0, 0, 1, 4),
      })
      .map(({ text, ...options }) => clientFrame(text, options))
    const bytes = fc.oneof(frame, fc.uint8Array({ maxLength: 20 }))
    const codes = new Set<number | undefined>()
    await fc.assert(
      fc.asyncProperty(fc.array(bytes, { minLength: 1, maxLength: 6 }), async (parts) => {
        using raw = openRawSocket(server.url)
        raw.write(handshake(host))
        for (const part of parts) raw.write(part)
        await Promise.race([raw.ended, pause(40)])
        raw.end()
        await raw.ended
        expect(String(raw.received())).toMatch(/^HTTP\/1\.1 101 /)
        for (const frame of raw.frames()) expectDescribed(frame)
        codes.add(raw.closeCode())
      }),
      { numRuns: 150 },
    )
    const allowed = [undefined, 1000, 1002, 1003, 1005, 1007, 1008, 1009, 4408]
    for (const code of codes)
      expect([...allowed, ...Array.from({ length: 2000 }, (_, n) => 3000 + n)]).toContain(code)
    expect(codes).toContain(1002)
    await expectWell()
  })
})
