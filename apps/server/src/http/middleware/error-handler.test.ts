import { setTimeout as pause } from 'node:timers/promises'
import type { ListedMessage } from '@gitmsg/core'
import type { Context } from 'koa'
import { describe, expect, it, vi } from 'vitest'
import { exchange } from '../../testing/exchange.js'
import { holdConnection } from '../../testing/hold-connection.js'
import { openLog } from '../../testing/open-log.js'
import { openTokensFile } from '../../testing/open-tokens-file.js'
import { openTestServer } from '../../testing/servers/open-test-server.js'
import { problem } from '../errors.js'
import { createRejectionLog } from './error-handler.js'

const pageRequest = (url: string, query: string) =>
  `GET /messages?${query} HTTP/1.1\r\nHost: ${new URL(url).host}\r\n\r\n`

describe('an error response', () => {
  it('has the common format, with the request id', async () => {
    await using server = await openTestServer()
    const { status, json, headers } = await server.request('/absent')
    expect(status).toBe(404)
    expect(json).toEqual({
      status: 'error',
      error: { code: 'not_found', message: expect.any(String), request_id: headers['x-request-id'] },
    })
  })

  // Covers IN-58, V13.4.2, V16.5.1
  it('reveals nothing about an internal error', async () => {
    await using server = await openTestServer()
    server.engine.status = () => Promise.reject(new TypeError('SECRET'))
    const { status, json, text, headers } = await server.request('/sync')
    expect([status, json.error.code]).toEqual([500, 'internal'])
    expect(text).not.toContain('SECRET')
    expect(headers['x-content-type-options']).toBe('nosniff')
  })
})

describe('the log of rejected requests', () => {
  // Covers V16.2.1, V16.2.2, V16.3.2
  it('has the time, the client, the path and the error code, and no secret', async () => {
    const log = openLog()
    await using file = await openTokensFile()
    const limit = { requests: 4, seconds: 60 }
    await using server = await openTestServer({ tokens: file.tokens, logger: log.logger, rateLimit: limit })
    const authorization = `Bearer ${file.add(['read'], { name: 'laptop' })}`
    const requests: [string, Record<string, string>][] = [
      ['/messages', {}],
      ['/messages', { authorization: 'Bearer guess' }],
      ['/metrics', { authorization }],
      ['/messages', { authorization, origin: 'https://evil.example' }],
      ['/messages', { authorization, host: 'evil.example' }],
      ['/healthz', {}],
      ['/healthz', {}],
      ['/healthz', {}],
    ]
    for (const [path, headers] of requests) await server.request(path, { headers })

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
      expect(line).toMatchObject({ peer: '127.0.0.1', method: 'GET', msg: 'request rejected' })
      expect(line.time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
      expect(line.request_id).toMatch(/^[0-9a-f-]{36}$/)
    }
    expect(JSON.stringify(lines)).not.toMatch(/guess|gitmsg_/)
  })

  it('has at most ten lines a second, and then the number of those suppressed', () => {
    const log = openLog()
    let time = 0
    const logRejected = createRejectionLog(log.logger, () => time)
    const context = { method: 'GET', path: '/', state: {}, socket: {} } as Context
    const reject = () => logRejected(context, problem('missing_token'))
    for (let number = 0; number < 1000; number += 1) reject()
    expect(log.lines()).toHaveLength(10)
    time = 1000
    reject()
    reject()
    expect(log.lines().map(({ suppressed }) => suppressed)).toEqual([990, undefined])
  })
})

describe('the log of failures', () => {
  // Covers IN-58, V16.3.4
  it('has an internal error under the request id that the client received', async () => {
    const log = openLog()
    await using server = await openTestServer({ logger: log.logger })
    server.engine.status = () => Promise.reject(new TypeError('broken inside'))
    const { json } = await server.request('/sync')
    expect(log.lines()).toContainEqual(
      expect.objectContaining({ msg: 'request failed', level: 50, request_id: json.error.request_id }),
    )
  })

  // Covers IN-59
  it('has no error when a client disconnects in the middle of a response', async () => {
    const log = openLog('debug')
    await using server = await openTestServer({ logger: log.logger })
    const message = { content: 'x'.repeat(32_000), sender: 'a' }
    await Promise.all(Array.from({ length: 500 }, () => server.engine.post(message)))
    {
      using leaving = holdConnection(server.url, pageRequest(server.url, 'limit=500'))
      await leaving.responded()
    }
    const lines = await vi.waitFor(() => {
      const lines = log.lines()
      expect(lines).toContainEqual(expect.objectContaining({ msg: 'client disconnected' }))
      return lines
    })
    await pause(100)
    for (const { level } of [...lines, ...log.lines()]) expect(level).toBe(20)
  })

  it('has an error when a response breaks off on the server side', async () => {
    const log = openLog()
    await using server = await openTestServer({ logger: log.logger })
    let attempts = 0
    function toJSON() {
      attempts += 1
      if (attempts > 1) throw new Error('cannot be serialized twice')
    }
    const messages = ['x'.repeat(600_000), { toJSON }].map((content) => ({ content, deleted_at: null }))
    server.engine.page = async () => ({ messages: messages as unknown as ListedMessage[], next: null })
    const { text } = await exchange(server.url, [pageRequest(server.url, 'limit=2')])
    expect(text).not.toMatch(/\r\n0\r\n\r\n$/)
    expect(log.lines()).toContainEqual(
      expect.objectContaining({ msg: 'response failed', level: 50, request_id: expect.any(String) }),
    )
  })
})
