import { type Comparison, medianOf, ratioOf } from '../compare.js'
import { formatFigure, formatRatio } from './rows.js'

/** Reads one figure out of all that was measured; `undefined` where it was not. */
export type Measure = (comparisons: readonly Comparison[]) => number | undefined

/** What was promised of one figure. */
export interface Target {
  readonly what: string
  readonly limit: number
  readonly limitIs: 'at least' | 'at most'
  readonly unit: 'x' | 's' | 'ms'
  readonly measure: Measure
}

/** One contender's figure by another's. */
export const ratio =
  (id: string, metric: string, pair: readonly [one: string, other: string]): Measure =>
  (comparisons) => {
    const comparison = comparisons.find((candidate) => candidate.id === id)
    return comparison && ratioOf(comparison, metric, pair)
  }

/** A contender's median. */
export const figure =
  (id: string, metric: string, name: string): Measure =>
  (comparisons) => {
    const comparison = comparisons.find((candidate) => candidate.id === id)
    return comparison && medianOf(comparison, name, metric)
  }

/** The line of a target: what, target, measured, verdict. */
export function describeTarget(
  { what, limit, limitIs, unit, measure }: Target,
  comparisons: readonly Comparison[],
): string[] {
  const measured = measure(comparisons)
  const format = (value: number) => (unit === 'x' ? formatRatio(value) : `${formatFigure(value)} ${unit}`)
  const target = `${limitIs} ${unit === 'x' ? `${limit} x` : `${limit} ${unit}`}`
  if (measured === undefined) return [what, target, 'not measured', '']
  const isMet = limitIs === 'at least' ? measured >= limit : measured <= limit
  return [what, target, format(measured), isMet ? 'met' : '**missed**']
}
