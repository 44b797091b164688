import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Engine, SyncStatus } from '@gitmsg/core'
import { Gauge, type Registry } from 'prom-client'

/** Where the values come from. */
export interface GaugeSources {
  readonly engine: Pick<Engine, 'status'>
  /** Reads the free space on the disk of the data directory, in bytes. */
  readonly readFreeBytes: () => Promise<number>
  /** Reads the size of the database's write-ahead log, in bytes. */
  readonly readLogBytes: () => Promise<number>
  /** Milliseconds since 1970. */
  readonly clock: () => number
}

const NANOSECONDS_PER_SECOND = 1e9

/** Adds the metrics that are read from `sources` each time the registry is read. */
export function addGauges(registry: Registry, sources: GaugeSources): void {
  const { engine, readFreeBytes, readLogBytes, clock } = sources
  const gauge = (name: string, help: string, read: () => number | Promise<number>) =>
    new Gauge({
      name: `gitmsg_${name}`,
      help,
      registers: [registry],
      async collect() {
        this.set(await read())
      },
    })

  let reading: Promise<SyncStatus> | null = null
  /** Gauges that are read at the same time share one status. */
  function readStatus(): Promise<SyncStatus> {
    reading ??= engine.status().finally(() => {
      reading = null
    })
    return reading
  }
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
  gauge('disk_free_bytes', 'Free space on the disk of the data directory', readFreeBytes)
  gauge('wal_bytes', "Size of the database's write-ahead log", readLogBytes)

  const delay = monitorEventLoopDelay()
  delay.enable()
  function readLongestDelay(): number {
    const seconds = delay.max / NANOSECONDS_PER_SECOND
    delay.reset()
    return seconds
  }
  gauge('eventloop_lag_seconds', 'Longest delay of the event loop since the last scrape', readLongestDelay)
}
