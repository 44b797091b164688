import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Engine, SyncEvent } from '@gitmsg/core'
import type { BackendEvent } from '@gitmsg/git-sync'
import type { Store } from '@gitmsg/store'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { ErrorCode } from '../http/error-table.js'

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
  /** Counts an edit that was acknowledged. */
  readonly countEdited: () => void
  /** Counts a deletion that was acknowledged. */
  readonly countDeleted: () => void
  /** Counts an error response with this code. */
  readonly countRejected: (code: string) => void
  readonly countSyncEvent: (event: SyncEvent) => void
  readonly countBackendEvent: (event: BackendEvent) => void
  /** Counts a frame sent to a live client. */
  readonly countFrame: (type: string) => void
  /** Counts the end of a live connection, by its close code. */
  readonly countClose: (code: number) => void
  /** Observes the time from the first sign of a change until live clients got it. */
  readonly observeLag: (milliseconds: number) => void
}

/** From a local repository to a remote that takes a minute. */
const BUCKETS_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

/** Up to a store that is blocked. */
const LAG_BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]

/** Errors that their operator has to see. At 0 from the start: Prometheus sees no increase in what begins with 1. */
const WATCHED_ERRORS: readonly ErrorCode[] = [
  'internal',
  'storage_busy',
  'storage_corrupt',
  'storage_full',
  'storage_unavailable',
  'storage_unwritable',
]

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
  const edited = counter('messages_edited_total', 'Edits acknowledged')
  const deleted = counter('messages_deleted_total', 'Deletions acknowledged')
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
  /** Added to the counter when the registry is read: there may be tens of thousands a second. */
  const newFrames = new Map<string, number>()
  new Counter({
    name: 'gitmsg_live_frames_total',
    help: 'Frames sent to live clients, by type',
    labelNames: ['type'],
    registers: [registry],
    collect() {
      for (const [type, count] of newFrames) this.inc({ type }, count)
      newFrames.clear()
    },
  })
  const closed = counter('live_closed_total', 'Live connections closed, by close code', 'code')
  const lag = new Histogram({
    name: 'gitmsg_live_lag_seconds',
    help: 'Time from the first sign of a change until it was sent to live clients',
    buckets: LAG_BUCKETS_SECONDS,
    registers: [registry],
  })
  for (const code of WATCHED_ERRORS) rejected.inc({ code }, 0)
  for (const outcome of ['ok', 'rejected', 'unknown']) attempts.inc({ outcome }, 0)

  return {
    countPosted: () => acked.inc(),
    countEdited: () => edited.inc(),
    countDeleted: () => deleted.inc(),
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
    countFrame: (type) => newFrames.set(type, (newFrames.get(type) ?? 0) + 1),
    countClose: (code) => closed.inc({ code: String(code) }),
    observeLag: (milliseconds) => lag.observe(milliseconds / 1000),
  }
}

/** Where the values come from. */
export interface GaugeSources {
  readonly engine: Pick<Engine, 'status'>
  readonly store: Pick<Store, 'storage'>
  /** How many live clients are connected. */
  readonly countSockets: () => number
  /** Milliseconds since 1970. */
  readonly clock: () => number
}

const NANOSECONDS_PER_SECOND = 1e9

/** Adds the metrics that are read from `sources` each time the registry is read. */
export function addGauges(registry: Registry, sources: GaugeSources): void {
  const { engine, store, countSockets, clock } = sources
  /** A gauge has no value while `read` returns `null`. */
  const gauge = (name: string, help: string, read: () => number | Promise<number | null>) =>
    new Gauge({
      name: `gitmsg_${name}`,
      help,
      registers: [registry],
      async collect() {
        const value = await read()
        if (value === null) this.remove()
        else this.set(value)
      },
    })

  const readStatus = shareWhileRunning(engine.status)
  const readStorage = shareWhileRunning(store.storage)
  async function readOldestPendingAge(): Promise<number> {
    const { oldest_pending_at: oldest } = await readStatus()
    return oldest ? Math.max(0, clock() - Date.parse(oldest)) / 1000 : 0
  }

  gauge('pending', 'Messages not yet in the repository', async () => (await readStatus()).pending)
  gauge('quarantined', 'Messages in quarantine', async () => (await readStatus()).quarantined)
  gauge('sync_failing', '1 while the last attempt to synchronize failed, otherwise 0', async () =>
    (await readStatus()).last_error ? 1 : 0,
  )
  gauge(
    'oldest_pending_age_seconds',
    'Age of the oldest pending message, 0 if there is none',
    readOldestPendingAge,
  )
  gauge(
    'disk_free_bytes',
    'Free space on the disk of the database',
    async () => (await readStorage()).freeBytes,
  )
  gauge('database_bytes', 'Size of the database', async () => (await readStorage()).databaseBytes)
  gauge('live_sockets', 'Live connections', countSockets)
  gauge('wal_bytes', "Size of the database's write-ahead log", async () => (await readStorage()).logBytes)

  const delay = monitorEventLoopDelay()
  delay.enable()
  function readLongestDelay(): number {
    const seconds = delay.max / NANOSECONDS_PER_SECOND
    delay.reset()
    return seconds
  }
  gauge('eventloop_lag_seconds', 'Longest delay of the event loop since the last scrape', readLongestDelay)
}

/** Gauges that are read at the same time share one result. */
function shareWhileRunning<Result>(read: () => Promise<Result>): () => Promise<Result> {
  let reading: Promise<Result> | null = null
  return () => {
    reading ??= read().finally(() => {
      reading = null
    })
    return reading
  }
}
