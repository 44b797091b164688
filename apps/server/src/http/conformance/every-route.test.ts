import type Router from '@koa/router'
import type Koa from 'koa'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestServer } from '../../testing/open-test-server.js'
import { openTokensFile } from '../../testing/open-tokens-file.js'
import { SCOPES } from '../../access/access-token.js'

/** What is for everybody, besides the tester's files: these calls, and no other. */
const FOR_EVERYBODY = ['GET /healthz', 'HEAD /healthz', 'GET /openapi.json', 'HEAD /openapi.json']

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

/** Every call that the app's routers have, e.g. `GET /messages/1`: nobody has to list them here. */
function callsOf(app: Koa): string[] {
  const routers = app.middleware.flatMap((middleware) =>
    'router' in middleware ? [middleware.router as Router] : [],
  )
  const layers = routers.flatMap(({ stack }) => stack)
  return layers.flatMap((layer) => {
    const parameters = Object.fromEntries(layer.paramNames.map(({ name }) => [name, '1']))
    return layer.methods.map((method) => `${method} ${layer.url(parameters)}`)
  })
}

async function answerTo(call: string, secret?: string) {
  const [method = '', path = ''] = call.split(' ')
  const headers: Record<string, string> = secret ? { authorization: `Bearer ${secret}` } : {}
  return server.call(path, { method, headers })
}

// Covers IN-55, V8.2.1, V8.3.1, V15.2.3
it('answers no call to somebody without a token, but for those that are for everybody', async () => {
  const calls = callsOf(server.app)
  expect(calls).toEqual(expect.arrayContaining(['POST /messages', 'GET /messages/1', ...FOR_EVERYBODY]))
  const open: string[] = []
  for (const call of calls) {
    const { status, headers } = await answerTo(call)
    if (status !== 401) open.push(call)
    else expect(headers['www-authenticate']).toBe('Bearer realm="gitmsg"')
  }
  expect(open.toSorted()).toEqual(FOR_EVERYBODY.toSorted())
})

// Covers V8.2.1, V13.4.5
it('answers every other call to the bearers of one scope only', async () => {
  const secrets = SCOPES.map((scope) => file.add([scope]))
  for (const call of callsOf(server.app).filter((call) => !FOR_EVERYBODY.includes(call))) {
    const answers = await Promise.all(secrets.map((secret) => answerTo(call, secret)))
    const refused = answers.filter(({ status }) => status === 403)
    expect(refused.length, call).toBe(SCOPES.length - 1)
    for (const { headers } of refused)
      expect(headers['www-authenticate']).toContain('error="insufficient_scope"')
    expect(answers.filter(({ status }) => status === 401)).toEqual([])
  }
})
