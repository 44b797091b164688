import { expect, it } from 'vitest'
import { createMetrics, type Metrics } from './create-metrics.js'

/** The samples whose names begin with `gitmsg_`, by name and labels. */
async function samplesOf({ registry }: Metrics): Promise<Record<string, number>> {
  const text = await registry.metrics()
  const samples = [...text.matchAll(/^(gitmsg_\S+) (\S+)$/gm)].map(([, name, value]) => [name, Number(value)])
  return Object.fromEntries(samples)
}

it('createMetrics() starts every counter at 0', async () => {
  expect(await samplesOf(createMetrics())).toMatchObject({
    gitmsg_acked_total: 0,
    gitmsg_synchronized_total: 0,
    gitmsg_audit_missing_total: 0,
    'gitmsg_sync_attempts_total{outcome="ok"}': 0,
    'gitmsg_sync_attempts_total{outcome="rejected"}': 0,
    'gitmsg_sync_attempts_total{outcome="unknown"}': 0,
    gitmsg_repository_rebuilds_total: 0,
    gitmsg_stale_locks_removed_total: 0,
    gitmsg_sync_seconds_count: 0,
  })
})

it('createMetrics() counts events by their kind', async () => {
  const metrics = createMetrics()
  metrics.countPosted()
  metrics.countRejected('not_found')
  metrics.countSyncEvent({ type: 'synchronized', messages: 3 })
  metrics.countSyncEvent({ type: 'missing', messages: 2 })
  metrics.countSyncEvent({ type: 'attempt', outcome: 'rejected', milliseconds: 1500 })
  for (const event of ['rebuilding', 'lock-removed', 'damaged'] as const) metrics.countBackendEvent(event)
  expect(await samplesOf(metrics)).toMatchObject({
    gitmsg_acked_total: 1,
    'gitmsg_rejected_requests_total{code="not_found"}': 1,
    gitmsg_synchronized_total: 3,
    gitmsg_audit_missing_total: 2,
    'gitmsg_sync_attempts_total{outcome="rejected"}': 1,
    gitmsg_sync_seconds_sum: 1.5,
    gitmsg_repository_rebuilds_total: 1,
    gitmsg_stale_locks_removed_total: 1,
  })
})
