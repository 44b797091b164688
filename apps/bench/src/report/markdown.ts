import type { Comparison } from '../compare.js'
import { describeTarget } from './judge.js'
import { type Row, rowsOf } from './rows.js'
import { targets } from './targets.js'

/** The tables of docs/performance.md: the targets, then everything that was measured. */
export function toMarkdown(comparisons: readonly Comparison[]): string {
  const verdicts = table(
    ['', 'target', 'measured', 'verdict'],
    targets.map((target) => describeTarget(target, comparisons)),
  )
  return [verdicts, ...comparisons.map((comparison) => describe(rowsOf(comparison)))].join('\n')
}

function describe(rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {})
  return table(
    columns,
    rows.map((row) => columns.map((column) => row[column] ?? '')),
  )
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('')
}
