import type { Context } from 'koa'
import { expect, it } from 'vitest'
import { openLog } from '../../testing/open-log.js'
import { openTestServer } from '../../testing/open-test-server.js'
import { openTokensFile } from '../../testing/open-tokens-file.js'
import { createRefusalLog } from '../../access/refusal-log.js'

// Covers V16.2.1, V16.2.2, V16.3.2
it('says when, where, by whom and why somebody was refused, and repeats no secret', async () => {
  const log = openLog()
  await using file = await openTokensFile()
  const limit = { requests: 4, seconds: 60 }
  await using server = await openTestServer({ tokens: file.tokens, logger: log.logger, rateLimit: limit })
  const authorization = `Bearer ${file.add(['read'], { name: 'laptop' })}`
  const asks: [string, Record<string, string>][] = [
    ['/messages', {}],
    ['/messages', { authorization: 'Bearer guess' }],
    ['/metrics', { authorization }],
    ['/messages', { authorization, origin: 'https://evil.example' }],
    ['/messages', { authorization, host: 'evil.example' }],
    ['/healthz', {}],
    ['/healthz', {}],
    ['/healthz', {}],
  ]
  for (const [path, headers] of asks) await server.call(path, { headers })

  const lines = log.lines()
  expect(lines.map(({ code, token, path }) => [code, token, path])).toEqual([
    ['missing_token', undefined, '/messages'],
    ['invalid_token', undefined, '/messages'],
    ['insufficient_scope', 'laptop', '/metrics'],
    ['origin_not_allowed', 'laptop', '/messages'],
    ['host_not_allowed', undefined, '/messages'],
    ['rate_limited', undefined, '/healthz'],
  ])
  for (const line of lines) {
    expect(line).toMatchObject({ peer: '127.0.0.1', method: 'GET', msg: 'request refused' })
    expect(line.time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
    expect(line.request_id).toMatch(/^[0-9a-f-]{36}$/)
  }
  expect(JSON.stringify(lines)).not.toMatch(/guess|evil|gitmsg_/)
})

// Covers V16.3.1
it('says at the level debug who was let in, and with which token', async () => {
  const log = openLog('debug')
  await using file = await openTokensFile()
  await using server = await openTestServer({ tokens: file.tokens, logger: log.logger })
  const authorization = `Bearer ${file.add(['read'], { name: 'laptop' })}`
  await server.call('/messages', { headers: { authorization } })
  expect(log.lines()).toContainEqual(
    expect.objectContaining({ msg: 'request answered', status: 200, token: 'laptop', peer: '127.0.0.1' }),
  )
})

// Covers IN-58, V16.3.4
it('says what broke inside, under the id that the client was told', async () => {
  const log = openLog()
  await using server = await openTestServer({ logger: log.logger })
  server.engine.status = () => Promise.reject(new TypeError('broken inside'))
  const { json } = await server.call('/sync')
  expect(log.lines()).toContainEqual(
    expect.objectContaining({ msg: 'request failed', level: 50, request_id: json.error.request_id }),
  )
})

it('writes ten lines a second at most, and then how many it left out', () => {
  const log = openLog()
  let time = 0
  const logRefusal = createRefusalLog(log.logger, () => time)
  const context = { method: 'GET', path: '/', state: {}, socket: {} } as Context
  const refuse = () => logRefusal(context, { status: 401, code: 'missing_token', message: '' })
  for (let number = 0; number < 1000; number += 1) refuse()
  expect(log.lines()).toHaveLength(10)
  time = 1000
  refuse()
  refuse()
  expect(log.lines().map(({ unlogged }) => unlogged)).toEqual([990, undefined])
})
