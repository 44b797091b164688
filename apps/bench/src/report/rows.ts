import { type Comparison, medianOf, ratioOf } from '../compare.js'

/** A line of a comparison's table, by the names of its columns. */
export type Row = Readonly<Record<string, string>>

/**
 * One line for each contender and one column for each metric: the median, and the first contender's figure by
 * this one's.
 */
export function rowsOf(comparison: Comparison): Row[] {
  const names = Object.keys(comparison.runs)
  const metrics = [
    ...new Set(
      Object.values(comparison.runs)
        .flat()
        .flatMap((readings) => Object.keys(readings)),
    ),
  ]
  const [first = ''] = names
  return names.map((name) => ({
    [comparison.what]: name,
    ...Object.fromEntries(
      metrics.map((metric) => {
        const ratio = name === first ? undefined : ratioOf(comparison, metric, [first, name])
        const by = ratio === undefined ? '' : ` (${formatRatio(ratio)})`
        return [metric, `${formatFigure(medianOf(comparison, name, metric))}${by}`]
      }),
    ),
  }))
}

/** Three digits or more, and no false precision. */
export function formatFigure(figure: number | undefined): string {
  if (figure === undefined) return ''
  const digits = figure >= 100 ? 0 : figure >= 10 ? 1 : 2
  return figure.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

export const formatRatio = (ratio: number): string => `${formatFigure(ratio)} x`
