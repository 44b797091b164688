import { StoreError } from '@gitmsg/store'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { exchange } from '../../testing/exchange.js'
import { openLog } from '../../testing/open-log.js'
import { openTestServer } from '../../testing/servers/open-test-server.js'
import { problem } from '../errors.js'
import { createProbe } from './health-routes.js'

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

describe('GET /readyz', () => {
  const reason = { cause: Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_WRITE' }) }

  // Covers IN-57
  it.each([
    [503, 'storage_unwritable', '60', new StoreError('unwritable', 'no', reason)],
    [503, 'storage_unwritable', '60', new StoreError('failed', 'no', reason)],
    [503, 'storage_corrupt', '60', new StoreError('corrupt', 'no', reason)],
    [503, 'storage_unavailable', '5', new StoreError('unavailable', 'no', reason)],
    [503, 'storage_busy', '1', new StoreError('busy', 'no', reason)],
    [507, 'storage_full', '60', new StoreError('full', 'no', reason)],
  ])('is %i %s while the database cannot be written to', async (status, code, retryAfter, error) => {
    const log = openLog()
    await using server = await openTestServer({ logger: log.logger })
    server.store.assertWritable = () => Promise.reject(error)
    const response = await server.request('/readyz')
    expect([response.status, response.json.error.code, response.headers['retry-after']]).toEqual([
      status,
      code,
      retryAfter,
    ])
    const lines = log.lines().filter(({ msg }) => msg === 'the storage failed')
    const isLogged = code !== 'storage_busy' && code !== 'storage_full'
    expect(lines).toMatchObject(isLogged ? [{ code, path: '/readyz', reason: 'SQLITE_IOERR_WRITE' }] : [])
  })

  it.each(['storage_full', 'backlog_full', 'storage_corrupt'] as const)(
    'fails while no messages are accepted: %s',
    async (code) => {
      await using server = await openTestServer({ assertCapacity: () => Promise.reject(problem(code)) })
      expect((await server.request('/readyz')).json.error.code).toBe(code)
    },
  )

  it('really writes, and at most once a second', async () => {
    await using server = await openTestServer()
    const revision = await server.store.revision()
    await server.request('/readyz')
    expect(await server.store.revision()).not.toBe(revision)

    const assertWritable = vi.fn(async () => {})
    let time = 0
    const probe = createProbe({ assertWritable }, () => time)
    for (time = 0; time < 2_500; time += 100) await probe()
    expect(assertWritable).toHaveBeenCalledTimes(3)
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
      /wal_bytes [1-9]/,
      /database_bytes [1-9]/,
      /disk_free_bytes [1-9]/,
      /eventloop_lag_seconds \d/,
      'rejected_requests_total{code="missing_field"} 1',
      'rejected_requests_total{code="not_found"} 1',
      'rejected_requests_total{code="invalid_request"} 1',
    ]
    for (const line of lines) expect(text).toMatch(line instanceof RegExp ? line : `gitmsg_${line}\n`)
  })
})
