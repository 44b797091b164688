import { Agent } from 'node:http'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  bytesOf,
  EXPECTED_CODES,
  expectValidResponse,
  query,
  segment,
  text,
  value,
  visible,
} from '../../testing/contract/arbitrary-requests.js'
import { exchange } from '../../testing/exchange.js'
import { openTestServer, type TestResponse } from '../../testing/servers/open-test-server.js'

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

const key = fc.oneof(
  fc.constantFrom(
    'content',
    'sender',
    'timestamp',
    'format',
    'topic',
    'reply_to',
    'id',
    '__proto__',
    'constructor',
  ),
  text,
)
const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
const time = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') })
const format = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom('plain', 'markdown') },
  { weight: 1, arbitrary: fc.constant('reaction') },
  { weight: 1, arbitrary: value },
)
const topic = fc.oneof({ weight: 10, arbitrary: name }, { weight: 1, arbitrary: value })
const reply_to = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 20 }) },
  { weight: 1, arbitrary: value },
)
/** Fields that only some messages have. */
const extras = { format, topic, reply_to }
const reaction = fc.record({
  content: fc.constantFrom('👍', '👩‍👩‍👧‍👦', '🏴‍☠️', '1', '👍👍'),
  sender: fc.constantFrom('alice', 'bob'),
  format: fc.constant('reaction'),
  reply_to: fc.integer({ min: 1, max: 30 }),
})
const changes = fc.record(
  {
    content: fc.oneof({ weight: 2, arbitrary: name }, { weight: 1, arbitrary: value }),
    format,
    topic: fc.oneof(topic, fc.constant(null)),
  },
  { requiredKeys: [] },
)
const plain = {
  content: fc.oneof({ weight: 4, arbitrary: text }, value),
  sender: fc.oneof({ weight: 8, arbitrary: name }, value),
  timestamp: fc.oneof({ weight: 4, arbitrary: time.map((date) => date.toISOString()) }, value),
}
const message = fc.oneof(
  { weight: 2, arbitrary: fc.record(plain, { requiredKeys: ['content', 'sender'] }) },
  { weight: 1, arbitrary: fc.record({ ...plain, ...extras }, { requiredKeys: ['content', 'sender'] }) },
)
/** A message, possibly with other fields, or other JSON or text. */
const json = fc.oneof(
  { weight: 6, arbitrary: message.map((fields) => JSON.stringify(fields)) },
  { weight: 1, arbitrary: reaction.map((fields) => JSON.stringify(fields)) },
  { weight: 1, arbitrary: fc.dictionary(key, value).map((fields) => JSON.stringify(fields)) },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: text },
)
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
const tag = fc.oneof(
  { weight: 6, arbitrary: fc.constant('*') },
  { weight: 3, arbitrary: fc.constantFrom('"1"', '"2"', '"3"', 'W/"1"', '"1", "2"', '2', '""') },
  { weight: 1, arbitrary: visible },
)
const harmless = fc.record(
  {
    'if-match': tag,
    'if-none-match': tag,
    'idempotency-key': fc.stringMatching(/^[!-~]{1,8}$/),
    authorization: visible,
    cookie: visible,
  },
  { requiredKeys: [] },
)
/** Rarely anything that a guard rejects, so that most requests get past the guards. */
const headers = fc.oneof({ weight: 5, arbitrary: harmless }, { weight: 1, arbitrary: anyHeaders })
const path = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...['/messages', '/messages/ID', '/messages/ID/history', '/messages/ID/thread', '/topics', '/changes'],
      ...['/search', '/search?q=a', '/search?q=%22a'],
      ...['/sync', '/live', '/', '/metrics', '/readyz', '/sync/quarantined'],
    ),
  },
  { weight: 1, arbitrary: fc.array(segment, { maxLength: 4 }).map((segments) => `/${segments.join('/')}`) },
)

const request = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      method: fc.constant('POST'),
      path: fc.constant('/messages'),
      body: bytesOf(json),
      headers,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      method: fc.constant('PATCH'),
      path: fc.constant('/messages/ID'),
      body: bytesOf(
        fc.oneof(
          { weight: 6, arbitrary: changes.map((fields) => JSON.stringify(fields)) },
          { weight: 1, arbitrary: json },
        ),
      ),
      headers,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      method: fc.constantFrom('DELETE', 'GET'),
      path: fc.constant('/messages/ID'),
      body: fc.constant(Buffer.alloc(0)),
      headers,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      method: fc.constantFrom(
        ...['GET', 'GET', 'GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'],
      ),
      path: fc
        .tuple(path, query)
        .map(([path, query]) => (query ? `${path}${path.includes('?') ? '&' : '?'}${query}` : path)),
      body: fc.constant(Buffer.alloc(0)),
      headers,
    }),
  },
)

// Covers V1.5.2
it('the server responds correctly to random requests, and stores accepted text unchanged', {
  timeout: TIMEOUT,
}, async () => {
  let newest = 1
  const accepted = { posts: 0, edits: 0, deletions: 0 }
  await fc.assert(
    fc.asyncProperty(request, fc.nat(), async ({ method, path, body, headers }, number) => {
      const type = { 'content-type': 'application/json' }
      const target = path.replace('ID', String(1 + (number % newest)))
      const response = await server.request(target, { method, body, headers: { ...type, ...headers }, agent })
      expectValidResponse(response)
      if (response.status === 201) {
        accepted.posts += 1
        newest = Math.max(newest, response.json.message_id)
        await expectStored(response.json.message_id, decode(body))
      } else if (method === 'PATCH' && response.status === 200) {
        accepted.edits += 1
        await expectEdited(response, decode(body))
      } else if (method === 'DELETE' && response.status === 204) accepted.deletions += 1
    }),
    { numRuns: RUNS },
  )
  for (const number of Object.values(accepted)) expect(number).toBeGreaterThan(RUNS / 100)
})

const decode = (body: Uint8Array) => JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))

/**
 * Expects that the first version of a message is what was sent. The same key and body return the first message again,
 * which may have been edited or deleted meanwhile.
 */
async function expectStored(id: number, sent: Record<string, unknown>): Promise<void> {
  const { status, json } = await server.request(`/messages/${id}/history?before=2`, { agent })
  if (status === 410) return
  expect(json).toHaveLength(1)
  const isSame = json[0].content === sent.content && json[0].format === (sent.format ?? 'plain')
  const isReaction = sent.format === 'reaction'
  expect(isSame && (isReaction || sent.topic === undefined || json[0].topic === sent.topic)).toBe(true)
  const { sender } = (await server.request(`/messages/${id}`, { agent })).json
  expect(sender === sent.sender).toBe(true)
}

/** Expects that the response to an edit, and the version that it made, have what was sent. */
async function expectEdited({ json: edited }: TestResponse, sent: Record<string, unknown>): Promise<void> {
  const { id, version = 1 } = edited
  const { json } = await server.request(`/messages/${id}/history?before=${version + 1}&limit=1`, { agent })
  const { content, format = 'plain', topic = null } = edited
  expect(json).toMatchObject([{ version }])
  const isStored = json[0].content === content && json[0].format === format && json[0].topic === topic
  const isSame = Object.entries(sent).every(([name, value]) => json[0][name] === value)
  expect(isStored && isSame).toBe(true)
}

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
      if (status >= 400) expect([...EXPECTED_CODES, undefined]).toContain(json?.error.code)
      expect(text).not.toContain('HTTP/1.1 500')
    }),
    { numRuns: Math.ceil(RUNS / 10) },
  )
})
