import type { SyncEvent } from '@gitmsg/core'
import type { BackendEvent } from '@gitmsg/git-sync'
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import { addGauges, type GaugeSources } from './gauges.js'

/** The metrics of this process, as docs/operations.md describes them. */
export interface Metrics extends EventCounters {
  readonly registry: Registry
  /** Adds the metrics that are read only when the registry is. */
  watch(sources: GaugeSources): void
}

/** Functions to call when something happens. */
interface EventCounters {
  /** Counts a message that was stored and acknowledged. */
  readonly countPosted: () => void
  /** Counts an error response with this code. */
  readonly countRejected: (code: string) => void
  readonly countSyncEvent: (event: SyncEvent) => void
  readonly countBackendEvent: (event: BackendEvent) => void
}

/** From a local repository to a remote that takes a minute. */
const BUCKETS_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

/** Creates metrics with a registry of their own, in which every counter is 0. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return {
    registry,
    ...createEventCounters(registry),
    watch: (sources) => addGauges(registry, sources),
  }
}

function createEventCounters(registry: Registry): EventCounters {
  const counter = <Label extends string = never>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name: `gitmsg_${name}`, help, labelNames, registers: [registry] })

  const acked = counter('acked_total', 'Messages stored and acknowledged')
  const synchronized = counter('synchronized_total', 'Messages written to the repository, or found there')
  const missing = counter('audit_missing_total', 'Synchronized messages found missing from the repository')
  const attempts = counter('sync_attempts_total', 'Attempts to synchronize, by outcome', 'outcome')
  const rebuilds = counter('repository_rebuilds_total', 'Rebuilds of a damaged local repository')
  const staleLocks = counter('stale_locks_removed_total', 'Stale locks removed from the local repository')
  const rejected = counter('rejected_requests_total', 'Requests with an error response, by code', 'code')
  const seconds = new Histogram({
    name: 'gitmsg_sync_seconds',
    help: 'Duration of the attempts to synchronize',
    buckets: BUCKETS_SECONDS,
    registers: [registry],
  })
  for (const outcome of ['ok', 'rejected', 'unknown']) attempts.inc({ outcome }, 0)

  return {
    countPosted: () => acked.inc(),
    countRejected: (code) => rejected.inc({ code }),
    countSyncEvent(event) {
      if (event.type === 'attempt') {
        attempts.inc({ outcome: event.outcome })
        seconds.observe(event.milliseconds / 1000)
      } else if (event.type === 'synchronized') synchronized.inc(event.messages)
      else if (event.type === 'missing') missing.inc(event.messages)
    },
    countBackendEvent(event) {
      if (event === 'rebuilding') rebuilds.inc()
      if (event === 'lock-removed') staleLocks.inc()
    },
  }
}
