import type { SyncEvent } from '@gitmsg/core'
import type { BackendEvent } from '@gitmsg/git-sync'
import { Counter, Histogram, type Registry } from 'prom-client'

/** Counts what happens as it happens. */
export interface EventCounters {
  /** A message was stored and acknowledged. */
  readonly countPosted: () => void
  /** A request was answered with an error of this code. */
  readonly countRejected: (code: string) => void
  readonly countSyncEvent: (event: SyncEvent) => void
  readonly countBackendEvent: (event: BackendEvent) => void
}

/** From a local repository to a remote that takes a minute, in seconds. */
const SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

export function createEventCounters(registry: Registry): EventCounters {
  const counter = <Label extends string = never>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name: `gitmsg_${name}`, help, labelNames, registers: [registry] })

  const acked = counter('acked_total', 'Messages stored and acknowledged')
  const synchronized = counter('synchronized_total', 'Messages found or put into the repository')
  const missing = counter('audit_missing_total', 'Messages that the repository had lost')
  const attempts = counter('sync_attempts_total', 'Attempts to synchronize, by how they ended', 'outcome')
  const rebuilds = counter('clone_rebuilds_total', 'Times that a damaged local repository was begun anew')
  const locks = counter('locks_healed_total', 'Stale locks removed from the local repository')
  const rejected = counter('rejected_requests_total', 'Requests answered with an error, by its code', 'code')
  const seconds = new Histogram({
    name: 'gitmsg_sync_seconds',
    help: 'How long an attempt to synchronize took',
    buckets: SECONDS,
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
      if (event === 'lock-removed') locks.inc()
    },
  }
}
