import type { Accounts } from '@gitmsg/accounts'
import { openTemporaryAccounts } from '@gitmsg/accounts/testing'
import type { Scope } from '../../access/access-token.js'
import { createCapacityCheck } from '../../http/middleware/guards/capacity-guard.js'
import type { Operation } from '../../http/openapi/operation.js'
import { exchange } from '../exchange.js'
import { openEvents } from '../live/open-events.js'
import { openTokensFile } from '../open-tokens-file.js'
import {
  openTestServer,
  type RequestOptions,
  type TestResponse,
  type TestServerOptions,
} from '../servers/open-test-server.js'

type TestServer = Awaited<ReturnType<typeof openTestServer>>

/** What to change about a successful request so that it is rejected. */
interface Provocation {
  /** Replaces the query that it needs. */
  readonly query?: string
  /** Appended to its path. */
  readonly suffix?: string | ((server: TestServer, operation: Operation) => string | Promise<string>)
  /** The message in its path. Default: one that exists. */
  readonly key?: string
  readonly headers?: RequestOptions['headers']
  /** Fields of its body to add or to replace. */
  readonly fields?: object
  /** Replaces its body. */
  readonly body?: string | Uint8Array
  /** What to change about its server. */
  readonly server?: TestServerOptions
  readonly before?: (server: TestServer, bearer: Record<string, string>) => unknown
  /** What is wrong with the token; `null`: it is missing. */
  readonly token?: 'other scope' | 'other sender' | 'unknown' | null
  /** Makes the server one with accounts; resolves with the token of the request. */
  readonly account?: (accounts: Accounts) => Promise<string>
}

/** The valid bodies. */
const BODIES: Readonly<Record<string, object>> = {
  'POST /messages': { content: 'a', sender: 'alice' },
  'PATCH /messages/:key': { content: 'b' },
}
const keyed = { 'idempotency-key': 'key' }

const full = (free: number, pending: number) => ({
  assertCapacity: createCapacityCheck({
    status: async () => ({ pending, last_error: null }),
    store: {
      storage: async () => ({ databaseBytes: 0, logBytes: 0, freeBytes: free, diskBytes: 2 ** 40 }),
    },
    monotonic: () => 0,
  }),
})

/** Makes an account, and resolves with a token of it. */
async function join(accounts: Accounts, handle: string): Promise<string> {
  return (await accounts.join({ link: null, handle, password: 'correct horse battery' })).token
}

/** Creates a service, and resolves with a token of it. */
async function addService(accounts: Accounts, sender: string): Promise<string> {
  const actor = 'setup'
  await accounts.create({ handle: 'service', kind: 'service', actor })
  const scopes = ['read', 'write'] as const
  return (await accounts.tokens.create({ handle: 'service', name: 'a', scopes, days: 1, sender, actor }))
    .token
}

/** Opens this many event streams, which end with the server. */
async function follow(server: TestServer, count: number): Promise<void> {
  for (let number = 0; number < count; number += 1) await openEvents(server.url)
}

/** How to provoke each error, by `status code`, and by `status code of endpoint` where that is different. */
export const PROVOCATIONS: Readonly<Record<string, Provocation>> = {
  '400 duplicate_key': { body: '{"content":"a","content":"b"}' },
  '400 invalid_cursor': {
    suffix: (_server, { parameters = [] }) =>
      parameters.some(({ name }) => name === 'before') ? '?before=x' : '?after=x',
  },
  '400 invalid_header': { headers: { 'sec-fetch-site': ['none', 'none'] } },
  '400 invalid_host': { headers: { host: 'a b' } },
  '400 invalid_json': { body: '{' },
  '400 invalid_precondition': { headers: { 'if-match': '2' } },
  '400 invalid_query': { suffix: '?access_token=x' },
  '400 invalid_request': { suffix: '#x' },
  '400 invalid_utf8': { body: Buffer.from([0xff]) },
  '401 invalid_token': { token: 'unknown' },
  '401 missing_token': { token: null },
  '403 address_denied': { server: { denied: ['127.0.0.0/8'] } },
  '403 approval_required': {
    server: { accountsConfig: { hold: 'all' } },
    account: (accounts) => join(accounts, 'alice'),
  },
  '403 insufficient_scope': { token: 'other scope' },
  '403 origin_not_allowed': { headers: { origin: 'https://example.org' } },
  '403 sender_not_allowed': { token: 'other sender' },
  '403 sender_reserved': {
    fields: { sender: 'carol' },
    account: (accounts) => join(accounts, 'carol').then(() => addService(accounts, '*')),
  },
  '404 not_found': { key: '10' },
  '404 not_found of GET /live': { server: { liveSockets: 0 } },
  '406 not_acceptable': { headers: { accept: 'application/json' } },
  '409 duplicate_message': {
    fields: { sender: 'bot' },
    account: (accounts) => addService(accounts, '*'),
    before: async (server, bearer) => {
      for (let count = 0; count < 2; count += 1) await server.post({ content: 'a', sender: 'bot' }, bearer)
    },
  },
  '409 epoch_changed': { suffix: '?after=other:0' },
  '409 format_too_old': { server: { formatVersion: 1 }, fields: { topic: 'a' } },
  '409 position_ahead': {
    suffix: async ({ store }) => `?after=${(await store.position()).epoch}:1000`,
  },
  '410 deleted': { before: ({ engine }) => engine.remove(1) },
  '412 version_conflict': { headers: { 'if-match': '"2"' } },
  '413 body_too_large': { fields: { content: 'a'.repeat(65 * 1024) } },
  '415 unsupported_charset': { headers: { 'content-type': 'application/json; charset=utf-16' } },
  '415 unsupported_encoding': { headers: { 'content-encoding': 'gzip' } },
  '415 unsupported_media_type': { headers: { 'content-type': 'text/plain' } },
  '417 expectation_failed': { headers: { expect: 'miracles' } },
  '421 host_not_allowed': { headers: { host: 'example.org' } },
  '422 empty': { fields: { content: ' ' } },
  '422 idempotency_key_reused': {
    headers: keyed,
    before: (server) => server.post({ content: 'b', sender: 'bob' }, keyed),
  },
  '422 invalid_body': { body: '[]' },
  '422 invalid_characters': { fields: { topic: 'a\nb' } },
  '422 invalid_reply_to': { fields: { reply_to: 10 } },
  '422 invalid_timestamp': { fields: { timestamp: 'yesterday' } },
  '422 invalid_type': { fields: { content: 1 } },
  '422 invalid_value': { fields: { format: 'html' } },
  '422 missing_field': { fields: { content: undefined } },
  '422 not_editable': {
    key: '2',
    before: ({ engine }) => engine.post({ content: '👍', sender: 'bob', format: 'reaction', reply_to: 1 }),
  },
  '422 too_long of GET /search': { query: `?q=${'a'.repeat(257)}` },
  '422 too_long': { fields: { topic: 'a'.repeat(65) } },
  '422 unknown_field': { fields: { more: 1 } },
  '429 rate_limited': {
    server: { rateLimit: { requests: 1, seconds: 60 } },
    before: (server) => server.request('/healthz'),
  },
  '429 too_many_held': {
    server: { accountsConfig: { hold: 'all' } },
    async account(accounts) {
      const secret = await join(accounts, 'alice')
      for (let number = 0; number < 20; number += 1) {
        await accounts.held.hold({ handle: 'alice', post: '{}', uid: `uid-${number}`, reason: 'all' })
      }
      return secret
    },
  },
  '429 too_many_sockets': { before: (server) => follow(server, 32) },
  '431 headers_too_large': {
    headers: Object.fromEntries(Array.from({ length: 64 }, (_, number) => [`x-${number}`, 'x'])),
  },
  '503 backlog_full': { server: full(2 ** 40, 2_000_000) },
  '503 indexing': { before: ({ store }) => store.clearSearchIndex() },
  '503 live_full': { server: { liveSockets: 1 }, before: (server) => follow(server, 1) },
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
  operation: Operation,
  error: string,
): Promise<TestResponse> {
  const provocation = PROVOCATIONS[`${error} of ${endpoint}`] ?? PROVOCATIONS[error] ?? {}
  const {
    query = requiredQueryOf(operation),
    suffix = '',
    key = '1',
    headers,
    fields,
    server: options,
    before,
    token,
  } = provocation
  await using file = await openTokensFile()
  const accounts = provocation.account && (await openTemporaryAccounts())
  const secret = accounts && (await provocation.account?.(accounts))
  const bearer = secret
    ? { authorization: `Bearer ${secret}` }
    : bearerOf(file, operation.scopes[0] ?? 'read', token)
  await using server = await openTestServer({
    ...options,
    ...(accounts && { accounts }),
    ...(token !== undefined && { tokens: file.tokens }),
  })
  await server.engine.post({ content: 'a', sender: 'alice' })
  await before?.(server, bearer)
  const [method = '', path = ''] = endpoint.split(' ')
  const valid = BODIES[endpoint]
  const end = typeof suffix === 'string' ? suffix : await suffix(server, operation)
  return await server.request(`${path.replace(/:\w+/, key)}${query ? query + end.replace('?', '&') : end}`, {
    method,
    headers: {
      ...(endpoint === 'GET /live' && { accept: 'text/event-stream' }),
      ...(valid && { 'content-type': 'application/json' }),
      ...bearer,
      ...headers,
    },
    ...(valid && { body: provocation.body ?? JSON.stringify({ ...valid, ...fields }) }),
  })
}

/** The query of a valid request: examples of the parameters that it must have. */
export function requiredQueryOf({ parameters = [] }: Operation): string {
  const required = parameters.filter((parameter) => parameter.in === 'query' && parameter.required)
  const examples = required.map(({ name, schema }): [string, string] => [
    name,
    String((schema.examples as unknown[])[0]),
  ])
  return examples.length > 0 ? `?${new URLSearchParams(examples)}` : ''
}

function bearerOf(
  file: Awaited<ReturnType<typeof openTokensFile>>,
  scope: Scope,
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
