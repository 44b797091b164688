import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Engine } from '@gitmsg/core'
import { Gauge, type Registry } from 'prom-client'

/** Where the figures are read. */
export interface GaugeSources {
  readonly engine: Pick<Engine, 'status'>
  /** Bytes that are free on the disk of the data directory. */
  readonly readFreeBytes: () => Promise<number>
  /** Bytes of the database's write-ahead log. */
  readonly readLogBytes: () => Promise<number>
  /** Milliseconds since 1970. */
  readonly clock: () => number
}

const NANOSECONDS = 1e9

export function addGauges(registry: Registry, sources: GaugeSources): void {
  const { engine, readFreeBytes, readLogBytes, clock } = sources
  const gauge = (name: string, help: string, collect?: (show: (value: number) => void) => unknown) =>
    new Gauge({
      name: `gitmsg_${name}`,
      help,
      registers: [registry],
      ...(collect && {
        async collect() {
          await collect((value) => this.set(value))
        },
      }),
    })

  const pending = gauge('pending', 'Messages on their way to the repository')
  const quarantined = gauge('quarantined', 'Messages set aside')
  const failing = gauge('sync_failing', '1 while the last attempt failed')
  gauge('oldest_pending_age_seconds', 'How long the oldest pending message has waited', async (show) => {
    const status = await engine.status()
    pending.set(status.pending)
    quarantined.set(status.quarantined)
    failing.set(status.last_error ? 1 : 0)
    show(status.oldest_pending_at ? Math.max(0, clock() - Date.parse(status.oldest_pending_at)) / 1000 : 0)
  })
  gauge('disk_free_bytes', 'Free on the disk of the data', async (show) => show(await readFreeBytes()))
  gauge('wal_bytes', "The database's write-ahead log", async (show) => show(await readLogBytes()))

  const delay = monitorEventLoopDelay()
  delay.enable()
  gauge('eventloop_lag_seconds', 'The longest that nothing was answered since the last look', (show) => {
    show(delay.max / NANOSECONDS)
    delay.reset()
  })
}
