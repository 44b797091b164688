import { createCapacityCheck } from '../../http/middleware/guards/capacity-guard.js'
import type { Operation } from '../../http/openapi/operation.js'
import { exchange } from '../exchange.js'
import {
  openTestServer,
  type RequestOptions,
  type TestResponse,
  type TestServerOptions,
} from '../open-test-server.js'
import { openTokensFile } from '../open-tokens-file.js'

type TestServer = Awaited<ReturnType<typeof openTestServer>>

/** What to change about a successful request so that it is rejected. */
interface Provocation {
  /** Appended to its path. */
  readonly suffix?: string
  readonly headers?: RequestOptions['headers']
  readonly body?: string | Uint8Array
  /** What to change about its server. */
  readonly server?: TestServerOptions
  readonly before?: (server: TestServer) => unknown
  /** What is wrong with the token; `null`: it is missing. */
  readonly token?: 'other scope' | 'other sender' | 'unknown' | null
}

const message = (fields: object) => ({ body: JSON.stringify({ content: 'a', sender: 'alice', ...fields }) })
const keyed = { 'idempotency-key': 'key' }

const full = (free: number, pending: number) => ({
  assertCapacity: createCapacityCheck({
    status: async () => ({ pending, last_error: null }),
    readDisk: async () => ({ free, size: 2 ** 40 }),
    monotonic: () => 0,
  }),
})

/** How to provoke each error, by `status code`. */
export const PROVOCATIONS: Readonly<Record<string, Provocation>> = {
  '400 duplicate_key': { body: '{"content":"a","sender":"alice","sender":"bob"}' },
  '400 invalid_cursor': { suffix: '?before=x' },
  '400 invalid_header': { headers: { 'sec-fetch-site': ['none', 'none'] } },
  '400 invalid_host': { headers: { host: 'a b' } },
  '400 invalid_json': { body: '{' },
  '400 invalid_query': { suffix: '?access_token=x' },
  '400 invalid_request': { suffix: '#x' },
  '400 invalid_utf8': { body: Buffer.from([0xff]) },
  '401 invalid_token': { token: 'unknown' },
  '401 missing_token': { token: null },
  '403 insufficient_scope': { token: 'other scope' },
  '403 origin_not_allowed': { headers: { origin: 'https://example.org' } },
  '403 sender_not_allowed': { token: 'other sender' },
  '404 not_found': { suffix: '0' },
  '413 body_too_large': message({ content: 'a'.repeat(65 * 1024) }),
  '415 unsupported_charset': { headers: { 'content-type': 'application/json; charset=utf-16' } },
  '415 unsupported_encoding': { headers: { 'content-encoding': 'gzip' } },
  '415 unsupported_media_type': { headers: { 'content-type': 'text/plain' } },
  '417 expectation_failed': { headers: { expect: 'miracles' } },
  '421 host_not_allowed': { headers: { host: 'example.org' } },
  '422 empty': message({ content: ' ' }),
  '422 idempotency_key_reused': {
    headers: keyed,
    before: (server) => server.post({ content: 'b', sender: 'bob' }, keyed),
  },
  '422 invalid_body': { body: '[]' },
  '422 invalid_characters': message({ sender: 'a\nb' }),
  '422 invalid_timestamp': message({ timestamp: 'yesterday' }),
  '422 invalid_type': message({ content: 1 }),
  '422 missing_field': message({ content: undefined }),
  '422 too_long': message({ sender: 'a'.repeat(65) }),
  '422 unknown_field': message({ more: 1 }),
  '429 rate_limited': {
    server: { rateLimit: { requests: 1, seconds: 60 } },
    before: (server) => server.request('/healthz'),
  },
  '431 headers_too_large': {
    headers: Object.fromEntries(Array.from({ length: 64 }, (_, number) => [`x-${number}`, 'x'])),
  },
  '503 backlog_full': { server: full(2 ** 40, 2_000_000) },
  '503 shutting_down': {
    async before(server) {
      server.health.draining = true
      await server.store.close()
    },
  },
  '507 storage_full': { server: full(0, 0) },
}

/** Requests the endpoint on a server of its own in such a way that it must respond with this error. */
export async function provokeError(
  endpoint: string,
  { scope }: Operation,
  error: string,
): Promise<TestResponse> {
  const { suffix = '', headers, body, server: options, before, token } = PROVOCATIONS[error] ?? {}
  await using file = await openTokensFile()
  const bearer = bearerOf(file, scope ?? 'read', token)
  await using server = await openTestServer({
    ...options,
    ...(token !== undefined && { tokens: file.tokens }),
  })
  await server.post({ content: 'a', sender: 'alice' })
  await before?.(server)
  const [method = '', path = ''] = endpoint.split(' ')
  const isPost = endpoint === 'POST /messages'
  return await server.request(`${path.replace(/:\w+/, '1')}${suffix}`, {
    method,
    headers: { ...(isPost && { 'content-type': 'application/json' }), ...bearer, ...headers },
    ...(isPost && { body: body ?? message({}).body }),
  })
}

function bearerOf(
  file: Awaited<ReturnType<typeof openTokensFile>>,
  scope: 'read' | 'write' | 'admin',
  token: Provocation['token'],
): Record<string, string> {
  if (token === undefined || token === null) return {}
  if (token === 'unknown') return { authorization: 'Bearer unknown' }
  const secret =
    token === 'other scope'
      ? file.add([scope === 'read' ? 'write' : 'read'])
      : file.add([scope], { sender: 'bob' })
  return { authorization: `Bearer ${secret}` }
}

/** Sends a body that ends before its Content-Length. */
export async function cutBodyShort(): Promise<TestResponse> {
  await using server = await openTestServer()
  const { host } = new URL(server.url)
  const lines = [
    'POST /messages HTTP/1.1',
    `Host: ${host}`,
    'Content-Type: application/json',
    'Content-Length: 9',
  ]
  return await exchange(server.url, [`${lines.join('\r\n')}\r\n\r\n{`], { end: true })
}
