import type { SyncStatus } from '@gitmsg/core'
import type { StorageUsage } from '@gitmsg/store'
import { Registry } from 'prom-client'
import { expect, it, vi } from 'vitest'
import { addGauges, createMetrics, type Metrics } from './create-metrics.js'

/** The samples whose names begin with `gitmsg_`, by name and labels. */
async function samplesOf({ registry }: Metrics): Promise<Record<string, number>> {
  const text = await registry.metrics()
  const samples = [...text.matchAll(/^(gitmsg_\S+) (\S+)$/gm)].map(([, name, value]) => [name, Number(value)])
  return Object.fromEntries(samples)
}

it('createMetrics() starts every counter at 0', async () => {
  expect(await samplesOf(createMetrics())).toMatchObject({
    gitmsg_acked_total: 0,
    gitmsg_messages_edited_total: 0,
    gitmsg_messages_deleted_total: 0,
    gitmsg_synchronized_total: 0,
    gitmsg_audit_missing_total: 0,
    'gitmsg_sync_attempts_total{outcome="ok"}': 0,
    'gitmsg_sync_attempts_total{outcome="rejected"}': 0,
    'gitmsg_sync_attempts_total{outcome="unknown"}': 0,
    gitmsg_repository_rebuilds_total: 0,
    gitmsg_stale_locks_removed_total: 0,
    'gitmsg_rejected_requests_total{code="internal"}': 0,
    'gitmsg_rejected_requests_total{code="storage_corrupt"}': 0,
    gitmsg_sync_seconds_count: 0,
  })
})

it('createMetrics() counts events by their kind', async () => {
  const metrics = createMetrics()
  metrics.countPosted()
  metrics.countEdited()
  metrics.countDeleted()
  metrics.countRejected('not_found')
  metrics.countSyncEvent({ type: 'synchronized', messages: 3 })
  metrics.countSyncEvent({ type: 'missing', messages: 2 })
  metrics.countSyncEvent({ type: 'attempt', outcome: 'rejected', milliseconds: 1500 })
  for (const event of ['rebuilding', 'lock-removed', 'damaged'] as const) metrics.countBackendEvent(event)
  expect(await samplesOf(metrics)).toMatchObject({
    gitmsg_acked_total: 1,
    gitmsg_messages_edited_total: 1,
    gitmsg_messages_deleted_total: 1,
    'gitmsg_rejected_requests_total{code="not_found"}': 1,
    gitmsg_synchronized_total: 3,
    gitmsg_audit_missing_total: 2,
    'gitmsg_sync_attempts_total{outcome="rejected"}': 1,
    gitmsg_sync_seconds_sum: 1.5,
    gitmsg_repository_rebuilds_total: 1,
    gitmsg_stale_locks_removed_total: 1,
  })
})

const SIZES: StorageUsage = { databaseBytes: 50, logBytes: 10, freeBytes: 1_000, diskBytes: 2_000 }

/** Reads the value of each gauge from a registry over an engine with this status. */
async function gaugesOf(
  status: Partial<SyncStatus>,
  usage: StorageUsage = SIZES,
): Promise<Record<string, number | undefined>> {
  const registry = new Registry()
  addGauges(registry, {
    engine: { status: async () => status as SyncStatus },
    store: { storage: async () => usage },
    countSockets: () => 3,
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
    gitmsg_database_bytes: 50,
    gitmsg_wal_bytes: 10,
    gitmsg_eventloop_lag_seconds: expect.any(Number),
  })
})

it('addGauges() leaves out the sizes that the store cannot tell', async () => {
  const unknown = { databaseBytes: 7, logBytes: null, freeBytes: null, diskBytes: null }
  const gauges = await gaugesOf({ pending: 0, quarantined: 0, last_error: null }, unknown)
  expect(gauges).toMatchObject({ gitmsg_database_bytes: 7, gitmsg_pending: 0 })
  expect([gauges.gitmsg_wal_bytes, gauges.gitmsg_disk_free_bytes]).toEqual([undefined, undefined])
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
    store: { storage: async () => SIZES },
    countSockets: () => 3,
    clock: Date.now,
  })
  await registry.metrics()
  expect(status).toHaveBeenCalledTimes(1)
  await registry.metrics()
  expect(status).toHaveBeenCalledTimes(2)
})
