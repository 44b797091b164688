import type { Comparison } from '../compare.js'
import { judgeAll } from './card.js'
import { type Row, rowsOf } from './tables.js'

/** The tables of docs/performance.md: the targets, then everything that was measured. */
export function toMarkdown(comparisons: readonly Comparison[]): string {
  const judgements = judgeAll(comparisons).map((judgement) => ({ ...judgement }))
  return [judgements, ...comparisons.map(rowsOf)].map(table).join('\n')
}

function table(rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {})
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`
  const lines = rows.map((row) => line(columns.map((column) => row[column] ?? '')))
  return [line(columns), line(columns.map(() => '---')), ...lines].join('')
}
