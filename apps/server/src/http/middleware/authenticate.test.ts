import { chmodSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSecret, digestOf } from '../../access/access-token.js'
import { changeTokensFile } from '../../access/tokens-file.js'
import { expectHttpError } from '../../testing/expect-http-error.js'
import { openRawServer } from '../../testing/open-raw-server.js'
import { openTestServer } from '../../testing/open-test-server.js'
import { openTokensFile } from '../../testing/open-tokens-file.js'

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
