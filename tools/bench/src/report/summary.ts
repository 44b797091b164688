import { type Comparison, medianOf, ratioOf } from './compare.js'

/** Medians and ratios, by contender and metric. */
export interface Summary {
  readonly medians: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** The first contender's figure divided by each other contender's. */
  readonly ratios: Readonly<Record<string, Readonly<Record<string, number>>>>
}

/** Every metric that any contender has a reading of. */
export function metricsOf({ runs }: Comparison): string[] {
  const readings = Object.values(runs).flat()
  return [...new Set(readings.flatMap((reading) => Object.keys(reading)))]
}

/** Sums up the runs of a comparison. */
export function summarize(comparison: Comparison): Summary {
  const names = Object.keys(comparison.runs)
  const metrics = metricsOf(comparison)
  const [first = '', ...others] = names
  const tabulate = (of: readonly string[], figure: (name: string, metric: string) => number | undefined) =>
    Object.fromEntries(of.map((name) => [name, byMetric(metrics, (metric) => figure(name, metric))]))
  return {
    medians: tabulate(names, (name, metric) => medianOf(comparison, name, metric)),
    ratios: tabulate(others, (name, metric) => ratioOf(comparison, metric, [first, name])),
  }
}

function byMetric(metrics: readonly string[], figure: (metric: string) => number | undefined) {
  const entries = metrics.map((metric) => [metric, figure(metric)] as const)
  return Object.fromEntries(entries.filter((entry): entry is [string, number] => entry[1] !== undefined))
}
