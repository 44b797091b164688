import type { Comparison } from './compare.js'
import { metricsOf, summarize } from './summary.js'

/** A line of a table: the text of each column, by the column's name. */
export type Row = Readonly<Record<string, string>>

/**
 * One line for each contender and one column for each metric: the median, then the first contender's figure divided
 * by this one's.
 */
export function rowsOf(comparison: Comparison): Row[] {
  const { medians, ratios } = summarize(comparison)
  const cell = (name: string, metric: string): string => {
    const ratio = ratios[name]?.[metric]
    const suffix = ratio === undefined ? '' : ` (${formatRatio(ratio)})`
    return `${formatFigure(medians[name]?.[metric])}${suffix}`
  }
  const metrics = metricsOf(comparison)
  return Object.keys(comparison.runs).map((name) => ({
    [comparison.what]: name,
    ...Object.fromEntries(metrics.map((metric) => [metric, cell(name, metric)])),
  }))
}

/** Formats a figure with at least three digits and no false precision; `undefined` becomes an empty text. */
export function formatFigure(figure: number | undefined): string {
  if (figure === undefined) return ''
  const digits = figure >= 100 || Number.isInteger(figure) ? 0 : figure >= 10 ? 1 : 2
  return figure.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/** Formats a ratio: `1.58 x`. */
export const formatRatio = (ratio: number): string => `${formatFigure(ratio)} x`

/** Formats tables as Markdown, separated by empty lines. */
export const toMarkdown = (tables: readonly (readonly Row[])[]): string =>
  tables.map(toMarkdownTable).join('\n')

function toMarkdownTable(rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {})
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`
  const lines = rows.map((row) => line(columns.map((column) => row[column] ?? '')))
  return [line(columns), line(columns.map(() => '---')), ...lines].join('')
}
