import { chmodSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestServer } from '../testing/open-test-server.js'
import { openTokensFile } from '../testing/open-tokens-file.js'
import { createSecret, digestOf } from './access-token.js'
import { changeTokensFile } from './tokens-file.js'

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
const CALLS = [
  ['read', 'GET', '/messages'],
  ['read', 'GET', '/messages/1'],
  ['read', 'GET', '/sync'],
  ['read', 'GET', '/readyz'],
  ['write', 'POST', '/messages'],
  ['admin', 'POST', '/sync'],
  ['admin', 'GET', '/sync/quarantined'],
  ['admin', 'GET', '/metrics'],
] as const

describe('without a token', () => {
  it.each(CALLS)('no call is answered: %s %s %s', async (_, method, path) => {
    const { status, json, headers } = await server.call(path, { method })
    expect([status, json.error.code]).toEqual([401, 'missing_token'])
    expect(headers['www-authenticate']).toBe('Bearer realm="gitmsg"')
  })

  it.each(['/', '/healthz', '/openapi.json'])(
    'the page, the sign of life and the description are: %s',
    async (path) => {
      expect((await server.call(path)).status).toBe(200)
    },
  )
})

describe('a wrong token', () => {
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
  ])('is of no use: %s', async (authorization) => {
    const { status, json, headers } = await server.call('/messages', { headers: { authorization } })
    expect([status, json.error.code]).toEqual([401, 'invalid_token'])
    expect(headers['www-authenticate']).toBe('Bearer realm="gitmsg", error="invalid_token"')
  })

  // Covers V11.2.1, V11.4.1
  it('is a digest that was read out of the file', async () => {
    const digest = digestOf(file.add(['read'], { name: 'digest' })).toString('hex')
    expect((await server.call('/messages', { headers: bearer(digest) })).status).toBe(401)
  })
})

describe('a token', () => {
  it.each(['read', 'write', 'admin'] as const)('opens the calls of its scope only: %s', async (scope) => {
    const headers = bearer(file.add([scope], { name: `only-${scope}` }))
    for (const [needed, method, path] of CALLS) {
      const { status, json, headers: answered } = await server.call(path, { method, headers })
      if (needed === scope) expect([401, 403]).not.toContain(status)
      else {
        expect([status, json.error.code]).toEqual([403, 'insufficient_scope'])
        expect(answered['www-authenticate']).toContain(`error="insufficient_scope", scope="${needed}"`)
      }
    }
  })

  // Covers V2.2.3, V8.2.3
  it('that is bound to a sender posts as that one only', async () => {
    const headers = bearer(file.add(['write'], { name: 'bound', sender: 'alice' }))
    expect((await server.post({ content: 'a', sender: 'alice' }, headers)).status).toBe(201)
    const refused = await server.post({ content: 'a', sender: 'Alice' }, headers)
    expect([refused.status, refused.json.error.code]).toEqual([403, 'sender_not_allowed'])
    expect(refused.json.error.field).toBe('sender')
    expect((await server.post({ content: 'a' }, headers)).json.error.code).toBe('missing_field')
    expect((await server.post({ content: 'a', sender: ['alice'] }, headers)).json.error.code).toBe(
      'invalid_type',
    )
    expect((await server.post(null, headers)).json.error.code).toBe('invalid_body')
  })

  it('is good from the moment it is made, and not a moment longer than it is there', async () => {
    const headers = bearer(file.add(['read'], { name: 'short-lived' }))
    expect((await server.call('/messages', { headers })).status).toBe(200)
    changeTokensFile(file.path, (tokens) => tokens.filter(({ name }) => name !== 'short-lived'))
    expect((await server.call('/messages', { headers })).status).toBe(401)
  })

  // Covers V16.5.3
  it('is of no use while the file cannot be trusted', async () => {
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

  it('gives its bearer no way round the host and origin guards', async () => {
    const headers = bearer(file.add(['read'], { name: 'guarded' }))
    const foreign = { ...headers, origin: 'https://evil.example' }
    expect((await server.call('/messages', { headers: foreign })).status).toBe(403)
    expect((await server.call('/messages', { headers: { ...headers, host: 'evil.example' } })).status).toBe(
      421,
    )
  })
})
