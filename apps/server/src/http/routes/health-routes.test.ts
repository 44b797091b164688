import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { exchange } from '../../testing/exchange.js'
import { openTestServer } from '../../testing/open-test-server.js'

describe('the health endpoints', () => {
  it('report that the server is alive and ready, and its metrics', async () => {
    await using server = await openTestServer()
    await server.post({ content: 'a', sender: 'b' })
    expect((await server.request('/healthz')).json).toEqual({ status: 'ok' })
    expect((await server.request('/readyz')).json).toEqual({ status: 'ready' })
    const { text, headers } = await server.request('/metrics')
    expect(headers['content-type']).toMatch(/^text\/plain/)
    expect(text).toMatch(/^gitmsg_acked_total 1$/m)
    expect(text).toMatch(/^gitmsg_oldest_pending_age_seconds /m)

    server.health.draining = true
    expect((await server.request('/readyz')).status).toBe(503)
    server.health.draining = false
  })

  it('report a message that has been pending for long as degraded, even if nothing failed', async () => {
    await using server = await openTestServer({ isStandby: true })
    const now = Date.now()
    const readiness = async () => (await server.request('/readyz')).json.status
    await server.post({ content: 'a', sender: 'b' })
    expect(await readiness()).toBe('ready')
    onTestFinished(() => void vi.useRealTimers())
    vi.useFakeTimers({ now: now + 6 * 60_000, toFake: ['Date'] })
    expect(await readiness()).toBe('degraded')
    expect((await server.request('/metrics')).text).toMatch(/^gitmsg_oldest_pending_age_seconds 3[56]\d/m)
  })
})

describe('GET /metrics', () => {
  it('has every documented metric, and counts error responses by code', async () => {
    await using server = await openTestServer()
    await server.post({ content: 'a', sender: 'b' })
    await server.request('/sync', { method: 'POST' })
    await server.post({ content: 'a' })
    await server.request('/nowhere')
    await exchange(server.url, ['garbage\r\n\r\n'])
    const { text } = await server.request('/metrics')
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
})
