import type { Comparison } from '../compare.js'
import { metricsOf, summarize } from './summary.js'

/** A line of a comparison's table, by the names of its columns. */
export type Row = Readonly<Record<string, string>>

/**
 * One line for each contender and one column for each metric: the median, and the first contender's figure by
 * this one's.
 */
export function rowsOf(comparison: Comparison): Row[] {
  const { medians, ratios } = summarize(comparison)
  const cell = (name: string, metric: string): string => {
    const ratio = ratios[name]?.[metric]
    const by = ratio === undefined ? '' : ` (${formatRatio(ratio)})`
    return `${formatFigure(medians[name]?.[metric])}${by}`
  }
  const metrics = metricsOf(comparison)
  return Object.keys(comparison.runs).map((name) => ({
    [comparison.what]: name,
    ...Object.fromEntries(metrics.map((metric) => [metric, cell(name, metric)])),
  }))
}

/** Three digits or more, and no false precision. */
export function formatFigure(figure: number | undefined): string {
  if (figure === undefined) return ''
  const digits = figure >= 100 || Number.isInteger(figure) ? 0 : figure >= 10 ? 1 : 2
  return figure.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

export const formatRatio = (ratio: number): string => `${formatFigure(ratio)} x`
