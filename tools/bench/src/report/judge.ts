import { type Comparison, medianOf, ratioOf } from '../compare.js'
import { formatFigure, formatRatio } from './tables.js'

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

/** How it came out, for a person. */
export interface Judgement {
  readonly what: string
  readonly target: string
  readonly measured: string
  readonly verdict: 'met' | 'missed' | ''
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

/** Holds a target against what was measured. */
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
