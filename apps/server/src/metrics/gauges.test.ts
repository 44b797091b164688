import type { SyncStatus } from '@gitmsg/core'
import { Registry } from 'prom-client'
import { expect, it, vi } from 'vitest'
import { addGauges } from './gauges.js'

/** Reads the value of each gauge from a registry over an engine with this status. */
async function gaugesOf(status: Partial<SyncStatus>): Promise<Record<string, number | undefined>> {
  const registry = new Registry()
  addGauges(registry, {
    engine: { status: async () => status as SyncStatus },
    readFreeBytes: async () => 1_000,
    readLogBytes: async () => 10,
    clock: () => Date.parse('2025-01-09T00:00:10.000Z'),
  })
  const metrics = await registry.getMetricsAsJSON()
  return Object.fromEntries(metrics.map(({ name, values }) => [name, values[0]?.value]))
}

it('addGauges() reads the status, the disk and the log', async () => {
  const last_error = { code: 'unavailable', message: '', at: '' } as NonNullable<SyncStatus['last_error']>
  const oldest_pending_at = '2025-01-09T00:00:07.500Z'
  expect(await gaugesOf({ pending: 2, quarantined: 1, last_error, oldest_pending_at })).toMatchObject({
    gitmsg_pending: 2,
    gitmsg_quarantined: 1,
    gitmsg_sync_failing: 1,
    gitmsg_oldest_pending_age_seconds: 2.5,
    gitmsg_disk_free_bytes: 1_000,
    gitmsg_wal_bytes: 10,
    gitmsg_eventloop_lag_seconds: expect.any(Number),
  })
})

it.each([null, '2025-01-09T00:00:11.000Z'])(
  'addGauges() reports an age of 0 if nothing is pending, or the clock was set back: %s',
  async (oldest_pending_at) => {
    const gauges = await gaugesOf({ pending: 0, quarantined: 0, last_error: null, oldest_pending_at })
    expect(gauges).toMatchObject({ gitmsg_oldest_pending_age_seconds: 0, gitmsg_sync_failing: 0 })
  },
)

it('addGauges() reads the status once for all gauges, each time the registry is read', async () => {
  const registry = new Registry()
  const status = vi.fn(async () => ({ pending: 1, quarantined: 0, last_error: null }) as SyncStatus)
  addGauges(registry, {
    engine: { status },
    readFreeBytes: async () => 0,
    readLogBytes: async () => 0,
    clock: Date.now,
  })
  await registry.metrics()
  expect(status).toHaveBeenCalledTimes(1)
  await registry.metrics()
  expect(status).toHaveBeenCalledTimes(2)
})
