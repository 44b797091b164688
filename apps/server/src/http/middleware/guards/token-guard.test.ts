import { chmodSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSecret, digestOf } from '../../../access/access-token.js'
import { changeTokensFile } from '../../../access/tokens-file.js'
import { expectHttpError } from '../../../testing/expect-http-error.js'
import { openRawServer } from '../../../testing/open-raw-server.js'
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

describe('an invalid token', () => {
  const basic = `Basic ${Buffer.from('gitmsg:gitmsg').toString('base64')}`
  // Covers IN-55
  it.each([
    'Bearer',
    'Bearer ',
    'Bearer wrong',
    `Bearer ${createSecret()}`,
    `Bearer ${'x'.repeat(10_000)}`,
    'Bearer é',
    'Bearer a b',
    basic,
    createSecret(),
  ])('is rejected: %s', async (authorization) => {
    const { status, json, headers } = await server.request('/messages', { headers: { authorization } })
    expect([status, json.error.code]).toEqual([401, 'invalid_token'])
    expect(headers['www-authenticate']).toBe('Bearer realm="gitmsg", error="invalid_token"')
  })

  // Covers V11.2.1, V11.4.1
  it('can be a digest that was read from the tokens file', async () => {
    const digest = digestOf(file.add(['read'], { name: 'digest' })).toString('hex')
    expect((await server.request('/messages', { headers: bearer(digest) })).status).toBe(401)
  })
})

describe('a token', () => {
  it('is valid as soon as it is created, until it is revoked', async () => {
    const headers = bearer(file.add(['read'], { name: 'short-lived' }))
    expect((await server.request('/messages', { headers })).status).toBe(200)
    changeTokensFile(file.path, (tokens) => tokens.filter(({ name }) => name !== 'short-lived'))
    expect((await server.request('/messages', { headers })).status).toBe(401)
  })

  // Covers V16.5.3
  it('is not valid while the tokens file is readable by others or damaged', async () => {
    await using other = await openTokensFile()
    const secret = other.add(['read'])
    expect(other.tokens.find(secret)?.name).toBe('read')
    chmodSync(other.path, 0o644)
    expect(other.tokens.find(secret)).toBeNull()
    chmodSync(other.path, 0o600)
    expect(other.tokens.find(secret)?.name).toBe('read')
    writeFileSync(other.path, '{"version":1,"tokens":[')
    expect(other.tokens.find(secret)).toBeNull()
  })

  it('does not bypass the host and origin guards', async () => {
    const headers = bearer(file.add(['read'], { name: 'guarded' }))
    const foreign = { ...headers, origin: 'https://evil.example' }
    expect((await server.request('/messages', { headers: foreign })).status).toBe(403)
    expect(
      (await server.request('/messages', { headers: { ...headers, host: 'evil.example' } })).status,
    ).toBe(421)
  })
})

describe('a URL with a token in it', () => {
  // Covers IN-55, V14.2.1
  it.each([
    'access_token=x',
    'a=1&token=x',
    'Bearer=x',
    'access-token=x',
    'access%5Ftoken=x',
    '%74oken=x',
    'x=%zz&%74oken=x',
    'Api-Key=x',
    'jwt=x',
    `q=gitmsg_${'a'.repeat(43)}`,
    `sender=gitmsg%5F${'a'.repeat(43)}`,
    `gitmsg_${'a'.repeat(42)}%61`,
  ])('is rejected everywhere: ?%s', async (query) => {
    await using raw = await openRawServer()
    for (const path of ['/', '/messages', '/healthz', '/absent'])
      expectHttpError(await raw.get(`${path}?${query}`), 400, 'invalid_query')
  })
})

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
