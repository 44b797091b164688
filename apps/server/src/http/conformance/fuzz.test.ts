import { Agent } from 'node:http'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { exchange } from '../../testing/exchange.js'
import { openTestServer, type TestResponse } from '../../testing/open-test-server.js'

/** The number of requests; 100,000 before a release. */
const RUNS = Number(process.env.GITMSG_FUZZ_RUNS ?? 2_000)
const TIMEOUT = 30_000 + RUNS * 20

let server: Awaited<ReturnType<typeof openTestServer>>
const agent = new Agent({ keepAlive: true, maxSockets: 4 })
beforeAll(async () => {
  server = await openTestServer()
})
afterAll(async () => {
  agent.destroy()
  await server[Symbol.asyncDispose]()
})

/** Every error code that a request can provoke; `internal` is not among them. */
const EXPECTED = `
  body_too_large duplicate_key empty expectation_failed headers_too_large host_not_allowed
  idempotency_key_reused invalid_body invalid_characters invalid_cursor invalid_header
  invalid_host invalid_json invalid_query invalid_request invalid_timestamp invalid_type
  invalid_utf8 method_not_allowed missing_field not_found origin_not_allowed too_long
  unknown_field unsupported_charset unsupported_encoding unsupported_media_type`
  .trim()
  .split(/\s+/)

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc.string({
    unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
    maxLength: 20,
  }),
  fc.constantFrom(
    'a',
    '',
    ' ',
    '\0',
    '\u202e',
    '\ud800',
    '__proto__',
    "'; DROP TABLE messages; --",
    '😀'.repeat(64),
  ),
)
const value = fc.oneof(
  { weight: 5, arbitrary: text },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
)
const key = fc.oneof(
  fc.constantFrom('content', 'sender', 'timestamp', 'id', '__proto__', 'constructor'),
  text,
)
const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
const time = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') })
const message = fc.record(
  {
    content: fc.oneof({ weight: 4, arbitrary: text }, value),
    sender: fc.oneof({ weight: 8, arbitrary: name }, value),
    timestamp: fc.oneof({ weight: 4, arbitrary: time.map((date) => date.toISOString()) }, value),
  },
  { requiredKeys: ['content', 'sender'] },
)
/** A message, possibly with other fields, or other JSON or text. */
const json = fc.oneof(
  { weight: 6, arbitrary: message.map((fields) => JSON.stringify(fields)) },
  { weight: 1, arbitrary: fc.dictionary(key, value).map((fields) => JSON.stringify(fields)) },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: text },
)
const body = fc
  .tuple(
    json,
    fc.nat(),
    fc.constantFrom(...Array(7).fill('whole'), 'cut', 'corrupted', 'doubled'),
    fc.nat(255),
  )
  .map(([json, at, damage, byte]) => {
    const bytes = Buffer.from(json)
    const position = bytes.length === 0 ? 0 : at % bytes.length
    if (damage === 'cut') return bytes.subarray(0, position)
    if (damage === 'corrupted' && bytes.length > 0) bytes[position] = byte
    return damage === 'doubled' ? Buffer.concat([bytes, bytes]) : bytes
  })

const visible = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
  maxLength: 40,
})
const anyHeaders = fc.record(
  {
    'content-type': fc.oneof(fc.constant('application/json; charset=utf-8'), visible),
    'content-encoding': fc.constantFrom('identity', 'gzip', 'br', ''),
    'idempotency-key': fc.oneof(visible, fc.constantFrom('k1', 'k2')),
    origin: fc.oneof(fc.constantFrom('null', 'https://evil.example'), visible),
    host: fc.oneof(fc.constantFrom('evil.example', 'localhost'), visible),
    'sec-fetch-site': fc.constantFrom('none', 'same-origin', 'cross-site', ''),
    authorization: visible,
    'x-forwarded-for': visible,
    cookie: visible,
  },
  { requiredKeys: [] },
)
const harmless = fc.record(
  { 'idempotency-key': fc.stringMatching(/^[!-~]{1,8}$/), authorization: visible, cookie: visible },
  { requiredKeys: [] },
)
/** Rarely anything that a guard rejects, so that most requests get past the guards. */
const headers = fc.oneof({ weight: 5, arbitrary: harmless }, { weight: 1, arbitrary: anyHeaders })
const queryName = fc.constantFrom('limit', 'before', 'after', 'sender', 'since', 'until', 'synchronized', 'x')
const queryValue = fc.oneof(
  visible,
  text.filter((text) => text.isWellFormed()),
  fc.integer().map(String),
  fc.constantFrom('true', '٣'),
)
const query = fc
  .array(fc.tuple(queryName, queryValue), { maxLength: 3 })
  .map((pairs) => new URLSearchParams(pairs).toString())
const segment = fc.oneof(
  fc.constantFrom('messages', 'sync', 'quarantined', '..', '.git', '%2e%2e', '%00', '%ff', '1', ''),
  visible.map(encodeURI),
)
const path = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom('/messages', '/sync', '/', '/metrics', '/readyz', '/sync/quarantined'),
  },
  { weight: 1, arbitrary: fc.array(segment, { maxLength: 4 }).map((segments) => `/${segments.join('/')}`) },
)

const request = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      method: fc.constant('POST'),
      path: fc.constant('/messages'),
      body,
      headers,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      method: fc.constantFrom('GET', 'GET', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'),
      path: fc.tuple(path, query).map(([path, query]) => (query ? `${path}?${query}` : path)),
      body: fc.constant(Buffer.alloc(0)),
      headers,
    }),
  },
)

function expectValidResponse({ status, json, headers, text }: TestResponse): void {
  expect(status).not.toBe(500)
  expect(headers['x-content-type-options']).toBe('nosniff')
  if (status < 400 || text === '') return
  expect(EXPECTED).toContain(json.error.code)
  expect(text.length).toBeLessThan(400)
}

// Covers V1.5.2
it('the server responds correctly to random requests, and stores accepted text unchanged', {
  timeout: TIMEOUT,
}, async () => {
  await fc.assert(
    fc.asyncProperty(request, async ({ method, path, body, headers }) => {
      const type = { 'content-type': 'application/json' }
      const response = await server.request(path, { method, body, headers: { ...type, ...headers }, agent })
      expectValidResponse(response)
      if (response.status !== 201) return
      const sent = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
      const { content, sender } = (await server.request(`/messages/${response.json.message_id}`, { agent }))
        .json
      const isSame = content === sent.content && sender === sent.sender
      // The same key and body return the first message again; with another body the key is rejected.
      expect(isSame).toBe(true)
    }),
    { numRuns: RUNS },
  )
})

// Covers IN-51
it('the server responds correctly to random bytes', { timeout: TIMEOUT }, async () => {
  const { host } = new URL(server.url)
  const whole = `POST /messages HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: 28\r\nConnection: close\r\n\r\n{"content":"a","sender":"b"}`
  const damage = fc.record({
    at: fc.nat(whole.length - 1),
    remove: fc.nat(6),
    insert: fc.uint8Array({ maxLength: 4 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 3 }), async (damages) => {
      const bytes = damages.reduce<Buffer>(
        (bytes, { at, remove, insert }) =>
          Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)]),
        Buffer.from(whole),
      )
      const { status, json, text } = await exchange(server.url, [bytes], { end: true })
      if (status >= 400) expect([...EXPECTED, undefined]).toContain(json?.error.code)
      expect(text).not.toContain('HTTP/1.1 500')
    }),
    { numRuns: Math.ceil(RUNS / 10) },
  )
})
