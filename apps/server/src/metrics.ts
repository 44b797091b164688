import type { Engine } from '@gitmsg/core'
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'

export interface Metrics {
  readonly registry: Registry
  /** Counts a message that was stored. */
  readonly countPosted: () => void
}

/** What Prometheus sees: read from the engine when it asks. */
export function createMetrics(engine: Engine): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]

  const acked = new Counter({
    name: 'gitmsg_acked_total',
    help: 'Messages stored and acknowledged',
    registers,
  })
  const pending = new Gauge({
    name: 'gitmsg_pending',
    help: 'Messages on their way to the repository',
    registers,
  })
  const quarantined = new Gauge({ name: 'gitmsg_quarantined', help: 'Messages set aside', registers })
  const failing = new Gauge({
    name: 'gitmsg_sync_failing',
    help: '1 while the last attempt failed',
    registers,
  })
  new Gauge({
    name: 'gitmsg_oldest_pending_age_seconds',
    help: 'How long the oldest pending message has been waiting; 0 when none is',
    registers,
    async collect() {
      const status = await engine.status()
      pending.set(status.pending)
      quarantined.set(status.quarantined)
      failing.set(status.last_error ? 1 : 0)
      const since = status.oldest_pending_at ? Date.parse(status.oldest_pending_at) : Date.now()
      this.set(Math.max(0, (Date.now() - since) / 1000))
    },
  })
  return { registry, countPosted: () => acked.inc() }
}
