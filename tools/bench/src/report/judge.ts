import { type Comparison, medianOf, ratioOf } from './compare.js'
import { formatFigure, formatRatio } from './tables.js'

/** Finds one figure among everything that was measured; `undefined` if it was not measured. */
export type Measure = (comparisons: readonly Comparison[]) => number | undefined

/** What one figure is supposed to be. */
export interface Target {
  readonly what: string
  readonly limit: number
  readonly limitIs: 'at least' | 'at most'
  readonly unit: 'x' | 's' | 'ms' | 'µs' | '%' | 'MB' | 'bytes'
  readonly measure: Measure
}

/** Whether a target was met, as text for people. */
export interface Judgement {
  readonly what: string
  readonly target: string
  readonly measured: string
  readonly verdict: 'met' | 'missed' | ''
}

/** A measure of one contender's figure divided by another's. */
export const ratio =
  (id: string, metric: string, pair: readonly [numerator: string, denominator: string]): Measure =>
  (comparisons) => {
    const comparison = comparisons.find((candidate) => candidate.id === id)
    return comparison && ratioOf(comparison, metric, pair)
  }

/** A measure of a contender's median. */
export const figure =
  (id: string, metric: string, name: string): Measure =>
  (comparisons) => {
    const comparison = comparisons.find((candidate) => candidate.id === id)
    return comparison && medianOf(comparison, name, metric)
  }

/** Compares a target with what was measured. */
export function judge(
  { what, limit, limitIs, unit, measure }: Target,
  comparisons: readonly Comparison[],
): Judgement {
  const measured = measure(comparisons)
  const target = `${limitIs} ${limit} ${unit}`
  if (measured === undefined) return { what, target, measured: 'not measured', verdict: '' }
  const isMet = limitIs === 'at least' ? measured >= limit : measured <= limit
  const text = unit === 'x' ? formatRatio(measured) : `${formatFigure(measured)} ${unit}`
  return { what, target, measured: text, verdict: isMet ? 'met' : 'missed' }
}
