import { collectDefaultMetrics, Registry } from 'prom-client'
import { createEventCounters, type EventCounters } from './event-counters.js'
import { addGauges, type GaugeSources } from './gauges.js'

/** What Prometheus sees, in the words of docs/operations.md. */
export interface Metrics extends EventCounters {
  readonly registry: Registry
  /** Begins to show what is read only when somebody looks. */
  watch(sources: GaugeSources): void
}

/** Metrics of a process that has done nothing yet. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return {
    registry,
    ...createEventCounters(registry),
    watch: (sources) => addGauges(registry, sources),
  }
}
