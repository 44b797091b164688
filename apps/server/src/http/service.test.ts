import { connect } from 'node:net'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { openTestServer } from '../testing/open-test-server.js'

describe('every answer', () => {
  // Covers V1.3.2, V3.2.1, V3.4.3, V3.4.4, V3.4.5, V3.4.6, V3.7.1, V14.2.2, V14.2.3, V14.3.2
  it.each(['/', '/messages', '/absent', '/messages?limit=0', '/metrics'])(
    'has its guards on: %s',
    async (path) => {
      await using server = await openTestServer()
      const { headers } = await server.call(path)
      const policy = String(headers['content-security-policy']).split('; ')
      for (const directive of ['default-src', 'object-src', 'base-uri', 'frame-ancestors'])
        expect(policy).toContain(`${directive} 'none'`)
      expect(policy).toContain("script-src 'self'")
      expect(headers['content-security-policy']).not.toMatch(/unsafe|data:|\*|https?:/)
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      })
      expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
      expect(headers['cache-control']).toBe('no-store')
      expect(headers['access-control-allow-origin']).toBeUndefined()
    },
  )

  it('that is an error has the one form, with the request id', async () => {
    await using server = await openTestServer()
    const { status, json, headers } = await server.call('/absent')
    expect(status).toBe(404)
    expect(json).toEqual({
      status: 'error',
      error: { code: 'not_found', message: expect.any(String), request_id: headers['x-request-id'] },
    })
  })

  // Covers IN-58, V13.4.2, V16.5.1
  it('says nothing of what broke inside', async () => {
    await using server = await openTestServer()
    server.engine.status = () => Promise.reject(new TypeError('SECRET'))
    const { status, json, text, headers } = await server.call('/sync')
    expect([status, json.error.code]).toEqual([500, 'internal'])
    expect(text).not.toContain('SECRET')
    expect(headers['x-content-type-options']).toBe('nosniff')
  })
})

describe('a method that is not there', () => {
  // Covers V3.5.3
  it.each([
    ['DELETE', '/messages', 'HEAD, GET, POST'],
    ['PUT', '/messages/1', 'HEAD, GET'],
    ['TRACE', '/messages', 'HEAD, GET, POST'],
    ['POST', '/healthz', 'HEAD, GET'],
  ])('%s %s is answered with 405 and what is', async (method, path, allow) => {
    await using server = await openTestServer()
    const { status, json, headers } = await server.call(path, { method })
    expect([status, json.error.code]).toEqual([405, 'method_not_allowed'])
    expect(String(headers.allow).split(', ').sort()).toEqual(allow.split(', ').sort())
  })
})

describe('who may talk to it', () => {
  it.each<[Record<string, string>, number, string]>([
    [{ host: 'evil.example' }, 421, 'host_not_allowed'],
    [{ host: '127.0.0.1.nip.io' }, 421, 'host_not_allowed'],
    [{ host: 'localhost:1' }, 421, 'host_not_allowed'],
    [{ host: 'a, b' }, 400, 'invalid_host'],
    [{ origin: 'https://evil.example' }, 403, 'origin_not_allowed'],
    [{ origin: 'null' }, 403, 'origin_not_allowed'],
    [{ 'sec-fetch-site': 'cross-site' }, 403, 'origin_not_allowed'],
  ])('not %j', async (headers, status, code) => {
    await using server = await openTestServer()
    const answer = await server.call('/messages', { headers })
    expect([answer.status, answer.json.error.code]).toEqual([status, code])
  })

  it('its own page, under any name of this machine', async () => {
    await using server = await openTestServer()
    const { port } = new URL(server.url)
    const host = `localhost:${port}`
    const headers = { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' }
    expect((await server.call('/messages', { headers })).status).toBe(200)
  })
})

describe('what is no request', () => {
  it.each([
    ['garbage', 'garbage\r\n\r\n', 400],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', 400],
    [
      'two hosts',
      'GET /messages HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\nConnection: close\r\n\r\n',
      400,
    ],
    ['a header of 17 kB', `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`, 431],
  ])('is answered in the one form: %s', async (_, text, status) => {
    await using server = await openTestServer()
    const answer = await exchange(server.url, text)
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({ status: 'error' })
    expect(answer).toMatch(/X-Content-Type-Options: nosniff/i)
  })
})

describe('those who watch over it', () => {
  it('hear that it lives, whether it is ready, and its figures', async () => {
    await using server = await openTestServer()
    await server.post({ content: 'a', sender: 'b' })
    expect((await server.call('/healthz')).json).toEqual({ status: 'ok' })
    expect((await server.call('/readyz')).json).toEqual({ status: 'ready' })
    const { text, headers } = await server.call('/metrics')
    expect(headers['content-type']).toMatch(/^text\/plain/)
    expect(text).toMatch(/^gitmsg_acked_total 1$/m)
    expect(text).toMatch(/^gitmsg_oldest_pending_age_seconds /m)

    server.health.draining = true
    expect((await server.call('/readyz')).status).toBe(503)
    server.health.draining = false
  })

  it('hear of a message that has waited for long, though nothing failed', async () => {
    await using server = await openTestServer()
    await server.engine.close()
    const now = Date.now()
    const readiness = async () => (await server.call('/readyz')).json.status
    await server.post({ content: 'a', sender: 'b' })
    expect(await readiness()).toBe('ready')
    onTestFinished(() => void vi.useRealTimers())
    vi.useFakeTimers({ now: now + 6 * 60_000, toFake: ['Date'] })
    expect(await readiness()).toBe('degraded')
    expect((await server.call('/metrics')).text).toMatch(/^gitmsg_oldest_pending_age_seconds 3[56]\d/m)
  })

  it('find every figure that is promised, and those of the errors that were answered', async () => {
    await using server = await openTestServer()
    await server.post({ content: 'a', sender: 'b' })
    await server.call('/sync', { method: 'POST' })
    await server.post({ content: 'a' })
    await server.call('/nowhere')
    await exchange(server.url, 'garbage\r\n\r\n')
    const { text } = await server.call('/metrics')
    const lines = [
      'acked_total 1',
      'synchronized_total 1',
      'pending 0',
      'quarantined 0',
      'sync_failing 0',
      'oldest_pending_age_seconds 0',
      /sync_attempts_total\{outcome="ok"\} [1-9]/,
      'sync_attempts_total{outcome="rejected"} 0',
      'sync_attempts_total{outcome="unknown"} 0',
      /sync_seconds_count [1-9]/,
      'repository_rebuilds_total 0',
      'stale_locks_removed_total 0',
      'audit_missing_total 0',
      'wal_bytes 1',
      'disk_free_bytes 1',
      /eventloop_lag_seconds \d/,
      'rejected_requests_total{code="missing_field"} 1',
      'rejected_requests_total{code="not_found"} 1',
      'rejected_requests_total{code="invalid_request"} 1',
    ]
    for (const line of lines) expect(text).toMatch(line instanceof RegExp ? line : `gitmsg_${line}\n`)
  })

  it('see how the synchronization is doing, and can ask for it', async () => {
    await using server = await openTestServer()
    await server.post({ content: 'a', sender: 'b' })
    const { json } = await server.call('/sync', { method: 'POST' })
    expect(json).toEqual({
      backend: 'memory',
      remote: null,
      branch: 'main',
      head: expect.stringMatching(/^[0-9a-f]{40}$/),
      pending: 0,
      oldest_pending_at: null,
      last_synchronized_at: expect.any(String),
      state: 'idle',
      last_error: null,
      retry_at: null,
      quarantined: 0,
    })
    expect((await server.call('/sync')).json).toEqual(json)
  })

  it('see what was set aside, and why', async () => {
    await using server = await openTestServer()
    await server.engine.close()
    await server.post({ content: 'a', sender: 'b' })
    const [message] = await server.store.listMessages()
    await server.store.quarantine(message?.uid ?? '', 'refused')
    expect((await server.call('/sync/quarantined')).json).toMatchObject([
      { reason: 'refused', message: { id: 1 } },
    ])
    expect((await server.call('/messages/1')).json.sync).toEqual({ state: 'quarantined', reason: 'refused' })
    expect((await server.call('/sync/quarantined?limit=0')).status).toBe(400)
  })
})

/** Writes text on a connection, and answers everything that comes back. */
function exchange(url: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text))
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.on('end', () => resolve(answer))
    socket.on('error', reject)
  })
}
