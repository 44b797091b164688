import { chmodSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSecret, digestOf } from '../../../access/access-token.js'
import { changeTokensFile } from '../../../access/tokens-file.js'
import { expectHttpError } from '../../../testing/expect-http-error.js'
import { openTokensFile } from '../../../testing/open-tokens-file.js'
import { openRawServer } from '../../../testing/servers/open-raw-server.js'
import { openTestServer } from '../../../testing/servers/open-test-server.js'

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
  ['read', 'GET', '/messages/1/history'],
  ['read', 'GET', '/messages/1/thread'],
  ['read', 'GET', '/topics'],
  ['read', 'GET', '/changes'],
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

describe('a token that changes messages', () => {
  /** Two messages by alice; 2 is deleted. */
  async function openServer() {
    const tokens = await openTokensFile()
    const server = await openTestServer({ tokens: tokens.tokens })
    await server.engine.post({ content: 'a', sender: 'alice' })
    await server.engine.post({ content: 'b', sender: 'alice' })
    await server.engine.remove(2)
    return {
      ...server,
      tokens,
      edit: (headers: Record<string, string>, content: string, id = 1) =>
        server.send('PATCH', `/messages/${id}`, { content }, headers),
      remove: (headers: Record<string, string>, id = 1) =>
        server.request(`/messages/${id}`, { method: 'DELETE', headers }),
      async [Symbol.asyncDispose]() {
        await server[Symbol.asyncDispose]()
        await tokens[Symbol.asyncDispose]()
      },
    }
  }

  // Covers IN-82, V8.2.2
  it('may change those of its sender only', async () => {
    await using server = await openServer()
    const alice = bearer(server.tokens.add(['write'], { name: 'alice-phone', sender: 'alice' }))
    const bob = bearer(server.tokens.add(['write'], { name: 'bob-phone', sender: 'bob' }))
    for (const id of [1, 2]) {
      for (const response of [await server.edit(bob, 'x', id), await server.remove(bob, id)]) {
        expect([response.status, response.json.error.code]).toEqual([403, 'sender_not_allowed'])
      }
    }
    expect((await server.edit(bob, 'x', 3)).status).toBe(404)
    expect((await server.edit(alice, 'x')).json).not.toHaveProperty('updated_by')
    expect((await server.edit(alice, 'x', 2)).status).toBe(410)
    expect((await server.remove(alice)).status).toBe(204)
    expect((await server.remove(alice)).status).toBe(204)
  })

  // Covers IN-82
  it('may change none if it may post under any name, because it proves none', async () => {
    await using server = await openServer()
    const headers = bearer(server.tokens.add(['read', 'write']))
    expect((await server.post({ content: 'mine', sender: 'carol' }, headers)).status).toBe(201)
    for (const id of [1, 2, 3, 4]) {
      for (const response of [await server.edit(headers, 'x', id), await server.remove(headers, id)]) {
        expect([response.status, response.json.error.code]).toEqual([403, 'insufficient_scope'])
        expect(response.headers['www-authenticate']).toContain('scope="moderate"')
      }
    }
  })

  it('may change those of any sender with the scope moderate, and leaves its name', async () => {
    await using server = await openServer()
    const read = bearer(server.tokens.add(['read']))
    const named = bearer(server.tokens.add(['moderate'], { name: 'moderator-1' }))
    const bound = bearer(server.tokens.add(['write', 'moderate'], { name: 'm2', sender: 'mary' }))
    const own = bearer(server.tokens.add(['write', 'moderate'], { name: 'm3', sender: 'alice' }))
    expect((await server.edit(named, 'x')).json).toMatchObject({ version: 2, updated_by: 'moderator-1' })
    expect((await server.edit(bound, 'y')).json).toMatchObject({ version: 3, updated_by: 'mary' })
    expect((await server.edit(own, 'z')).json).not.toHaveProperty('updated_by')
    expect((await server.remove(named)).status).toBe(204)
    const { json } = await server.request('/messages?deleted=true&limit=1&before=2', { headers: read })
    expect(json).toMatchObject([{ id: 1, updated_by: 'moderator-1', deleted: true }])
    expect((await server.post({ content: 'a', sender: 'moderator-1' }, named)).status).toBe(403)
  })

  it('cannot post or change anything with the scopes read and admin', async () => {
    await using server = await openServer()
    const headers = bearer(server.tokens.add(['read', 'admin'], { sender: 'alice' }))
    for (const response of [await server.edit(headers, 'x'), await server.remove(headers)]) {
      expect([response.status, response.json.error.code]).toEqual([403, 'insufficient_scope'])
      expect(response.json.error.message).toContain('write or moderate')
    }
  })
})
