import type Koa from 'koa'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { SCOPES } from '../../access/access-token.js'
import { openTestServer } from '../../testing/open-test-server.js'
import { openTokensFile } from '../../testing/open-tokens-file.js'
import { routesOf } from '../../testing/routes-of.js'

/** The only public endpoints. */
const PUBLIC_ENDPOINTS = ['GET /healthz', 'HEAD /healthz', 'GET /openapi.json', 'HEAD /openapi.json']

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

/** Every endpoint of the app, e.g. `GET /messages/1`. */
function endpointsOf(app: Koa): string[] {
  return routesOf(app).flatMap((layer) => {
    const parameters = Object.fromEntries(layer.paramNames.map(({ name }) => [name, '1']))
    return layer.methods.map((method) => `${method} ${layer.url(parameters)}`)
  })
}

async function send(endpoint: string, secret?: string) {
  const [method = '', path = ''] = endpoint.split(' ')
  const headers: Record<string, string> = secret ? { authorization: `Bearer ${secret}` } : {}
  return server.request(path, { method, headers })
}

// Covers IN-55, V8.2.1, V8.3.1, V15.2.3
it('every endpoint rejects requests without a token, except the public ones', async () => {
  const endpoints = endpointsOf(server.app)
  expect(endpoints).toEqual(
    expect.arrayContaining(['POST /messages', 'GET /messages/1', ...PUBLIC_ENDPOINTS]),
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
it('every guarded endpoint accepts tokens of exactly one scope', async () => {
  const secrets = SCOPES.map((scope) => file.add([scope]))
  const guarded = endpointsOf(server.app).filter((endpoint) => !PUBLIC_ENDPOINTS.includes(endpoint))
  for (const endpoint of guarded) {
    const responses = await Promise.all(secrets.map((secret) => send(endpoint, secret)))
    const rejected = responses.filter(({ status }) => status === 403)
    expect(rejected.length, endpoint).toBe(SCOPES.length - 1)
    for (const { headers } of rejected)
      expect(headers['www-authenticate']).toContain('error="insufficient_scope"')
    expect(responses.filter(({ status }) => status === 401)).toEqual([])
  }
})
