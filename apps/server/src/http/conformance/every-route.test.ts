import type Koa from 'koa'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { SCOPES } from '../../access/access-token.js'
import { openTestServer } from '../../testing/open-test-server.js'
import { openTokensFile } from '../../testing/open-tokens-file.js'
import { routesOf } from '../../testing/routes-of.js'
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

let file: Awaited<ReturnType<typeof openTokensFile>>
let server: Awaited<ReturnType<typeof openTestServer>>
beforeAll(async () => {
  file = await openTokensFile()
  server = await openTestServer({ tokens: file.tokens })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await file[Symbol.asyncDispose]()
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

async function send(endpoint: string, secret?: string) {
  const [method = '', path = ''] = endpoint.split(' ')
  const headers: Record<string, string> = secret ? { authorization: `Bearer ${secret}` } : {}
  return server.request(path, { method, headers })
}

// Covers IN-55, V8.2.1, V8.3.1, V15.2.3
it('every endpoint rejects requests without a token, except the public ones', async () => {
  const endpoints = endpointsOf(server.app).map(({ request }) => request)
  expect(endpoints).toEqual(
    expect.arrayContaining(['POST /messages', 'DELETE /messages/1', 'GET /changes', ...PUBLIC_ENDPOINTS]),
  )
  const open: string[] = []
  for (const endpoint of endpoints) {
    const { status, headers } = await send(endpoint)
    if (status !== 401) open.push(endpoint)
    else expect(headers['www-authenticate']).toBe('Bearer realm="gitmsg"')
  }
  expect(open.toSorted()).toEqual(PUBLIC_ENDPOINTS.toSorted())
})

// Covers V8.2.1, V13.4.5
it('every guarded endpoint accepts tokens of exactly the scopes in its description', async () => {
  const secrets = SCOPES.map((scope) => [scope, file.add([scope], { sender: 'alice' })] as const)
  const guarded = endpointsOf(server.app).filter(({ request }) => !PUBLIC_ENDPOINTS.includes(request))
  for (const { request, description } of guarded) {
    const accepted: string[] = []
    for (const [scope, secret] of secrets) {
      const { status, headers } = await send(request, secret)
      expect(status).not.toBe(401)
      if (status !== 403) accepted.push(scope)
      else expect(headers['www-authenticate']).toContain('error="insufficient_scope"')
    }
    expect(accepted, request).toEqual(OPERATIONS[description as keyof typeof OPERATIONS]?.scopes)
  }
})
