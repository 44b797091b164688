import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestServer } from '../../../testing/open-test-server.js'
import { openTokensFile } from '../../../testing/open-tokens-file.js'

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

const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` })
const ENDPOINTS = [
  ['read', 'GET', '/messages'],
  ['read', 'GET', '/messages/1'],
  ['read', 'GET', '/sync'],
  ['read', 'GET', '/readyz'],
  ['write', 'POST', '/messages'],
  ['admin', 'POST', '/sync'],
  ['admin', 'GET', '/sync/quarantined'],
  ['admin', 'GET', '/metrics'],
] as const

describe('a request without a token', () => {
  it.each(ENDPOINTS)('is rejected by endpoints that require a scope: %s %s %s', async (_, method, path) => {
    const { status, json, headers } = await server.request(path, { method })
    expect([status, json.error.code]).toEqual([401, 'missing_token'])
    expect(headers['www-authenticate']).toBe('Bearer realm="gitmsg"')
  })

  it.each(['/', '/healthz', '/openapi.json'])('is served by public endpoints: %s', async (path) => {
    expect((await server.request(path)).status).toBe(200)
  })
})

describe('a token', () => {
  it.each(['read', 'write', 'admin'] as const)('grants access to its own scope only: %s', async (scope) => {
    const headers = bearer(file.add([scope], { name: `only-${scope}` }))
    for (const [needed, method, path] of ENDPOINTS) {
      const response = await server.request(path, { method, headers })
      if (needed === scope) expect([401, 403]).not.toContain(response.status)
      else {
        expect([response.status, response.json.error.code]).toEqual([403, 'insufficient_scope'])
        expect(response.headers['www-authenticate']).toContain(
          `error="insufficient_scope", scope="${needed}"`,
        )
      }
    }
  })

  // Covers V2.2.3, V8.2.3
  it('that is bound to a sender can post as that sender only', async () => {
    const headers = bearer(file.add(['write'], { name: 'bound', sender: 'alice' }))
    expect((await server.post({ content: 'a', sender: 'alice' }, headers)).status).toBe(201)
    const rejected = await server.post({ content: 'a', sender: 'Alice' }, headers)
    expect([rejected.status, rejected.json.error.code]).toEqual([403, 'sender_not_allowed'])
    expect(rejected.json.error.field).toBe('sender')
    expect((await server.post({ content: 'a' }, headers)).json.error.code).toBe('missing_field')
    expect((await server.post({ content: 'a', sender: ['alice'] }, headers)).json.error.code).toBe(
      'invalid_type',
    )
    expect((await server.post(null, headers)).json.error.code).toBe('invalid_body')
  })
})
