import { openFakeProvider } from '@gitmsg/test-provider'
import type Koa from 'koa'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { SCOPES } from '../../access/access-token.js'
import { openTokensFile } from '../../testing/open-tokens-file.js'
import { routesOf } from '../../testing/routes-of.js'
import { openAccountServer } from '../../testing/servers/open-account-server.js'
import { openTestServer } from '../../testing/servers/open-test-server.js'
import { OPERATIONS_OF_ACCOUNTS } from '../openapi/accounts/account-operations.js'
import { OPERATIONS } from '../openapi/endpoints.js'

/** The only public endpoints. */
const PUBLIC_ENDPOINTS = [
  'GET /healthz',
  'HEAD /healthz',
  'GET /openapi.json',
  'HEAD /openapi.json',
  'GET /asyncapi.json',
  'HEAD /asyncapi.json',
]

/** Those with which people sign in. */
const SIGN_IN_ENDPOINTS = [
  ...['GET /auth', 'HEAD /auth', 'POST /session', 'POST /join', 'POST /reset'],
  ...['GET /auth/oidc', 'HEAD /auth/oidc', 'GET /auth/oidc/callback', 'HEAD /auth/oidc/callback'],
]

let provider: Awaited<ReturnType<typeof openFakeProvider>>
let file: Awaited<ReturnType<typeof openTokensFile>>
/** A server without accounts, and one with them. */
let plain: Awaited<ReturnType<typeof openTestServer>>
let withAccounts: Awaited<ReturnType<typeof openAccountServer>>
beforeAll(async () => {
  provider = await openFakeProvider()
  file = await openTokensFile()
  plain = await openTestServer({ tokens: file.tokens })
  withAccounts = await openAccountServer({
    tokens: file.tokens,
    accountsConfig: { oidc: provider.config },
  })
})
afterAll(async () => {
  await plain[Symbol.asyncDispose]()
  await withAccounts[Symbol.asyncDispose]()
  await file[Symbol.asyncDispose]()
  await provider[Symbol.asyncDispose]()
})

/** Every endpoint of the app: a request for it, e.g. `GET /messages/1`, and the name of its description. */
function endpointsOf(app: Koa): { request: string; description: string }[] {
  return routesOf(app).flatMap((layer) => {
    const parameters = Object.fromEntries(layer.paramNames.map(({ name }) => [name, '1']))
    return layer.methods.map((method) => ({
      request: `${method} ${layer.url(parameters)}`,
      description: `${method === 'HEAD' ? 'GET' : method} ${layer.path}`,
    }))
  })
}

async function send({ request }: Pick<typeof plain, 'request'>, endpoint: string, secret?: string) {
  const [method = '', path = ''] = endpoint.split(' ')
  const headers: Record<string, string> = secret ? { authorization: `Bearer ${secret}` } : {}
  return request(path, { method, headers })
}

// Covers IN-55, V8.2.1, V8.3.1, V15.2.3
it.each([
  ['without accounts', () => plain, PUBLIC_ENDPOINTS],
  ['with accounts', () => withAccounts, [...PUBLIC_ENDPOINTS, ...SIGN_IN_ENDPOINTS]],
])('every endpoint rejects requests without a token, except the public ones: %s', async (_, find, known) => {
  const server = find()
  const endpoints = endpointsOf(server.app).map(({ request }) => request)
  expect(endpoints).toEqual(
    expect.arrayContaining(['POST /messages', 'DELETE /messages/1', 'GET /changes', ...known]),
  )
  const open: string[] = []
  for (const endpoint of endpoints) {
    const { status, headers } = await send(server, endpoint)
    if (status !== 401) open.push(endpoint)
    else expect(headers['www-authenticate']).toBe('Bearer realm="gitmsg"')
  }
  expect(open.toSorted()).toEqual(known.toSorted())
})

// Covers V8.2.1, V13.4.5
it.each([
  [
    'tokens of the tokens file',
    () => plain,
    async () => SCOPES.map((scope) => [scope, file.add([scope], { sender: 'alice' })] as const),
  ],
  [
    'tokens of an account',
    () => withAccounts,
    async () => {
      await withAccounts.addPerson('ada', 'admin')
      return Promise.all(
        SCOPES.map(async (scope) => [scope, await withAccounts.addToken('ada', [scope])] as const),
      )
    },
  ],
])('every guarded endpoint accepts %s of exactly the scopes in its description', async (_, find, create) => {
  const server = find()
  const secrets = await create()
  const known = [...PUBLIC_ENDPOINTS, ...SIGN_IN_ENDPOINTS]
  const guarded = endpointsOf(server.app).filter(({ request }) => !known.includes(request))
  for (const { request, description } of guarded) {
    const accepted: string[] = []
    for (const [scope, secret] of secrets) {
      const { status, json, headers } = await send(server, request, secret)
      expect(status).not.toBe(401)
      if (json?.error?.code !== 'insufficient_scope' && status !== 403) accepted.push(scope)
      else if (json?.error?.code === 'session_required') accepted.push(scope)
      else if (json) expect(headers['www-authenticate']).toContain('error="insufficient_scope"')
    }
    expect(accepted, request).toEqual(OPERATIONS[description as keyof typeof OPERATIONS]?.scopes)
  }
})

it('a server without accounts has none of their endpoints, whatever the method', async () => {
  for (const endpoint of Object.keys(OPERATIONS_OF_ACCOUNTS)) {
    const { status, json } = await send(plain, endpoint.replace(/:\w+/, '1'))
    expect([endpoint, status, json.error.code]).toEqual([endpoint, 404, 'not_found'])
  }
  expect((await send(plain, 'GET /session')).status).toBe(404)
  expect((await send(plain, 'PUT /session')).status).toBe(405)
})
