import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, release, type } from 'node:os'
import type { Comparison } from './compare.js'
import { type Judgement, judge } from './judge.js'
import { type Summary, summarize } from './summary.js'
import { targets } from './targets.js'

/** Everything that was measured, and on which machine: `--json` and `--out` write it, `--from` reads it. */
export interface Card {
  readonly machine: Readonly<Record<string, string | number>>
  readonly comparisons: readonly (Comparison & Summary)[]
  readonly targets: readonly Judgement[]
}

/** Judges every target. */
export const judgeAll = (comparisons: readonly Comparison[]): Judgement[] =>
  targets.map((target) => judge(target, comparisons))

/** Sums up what was measured on this machine. */
export function makeCard(comparisons: readonly Comparison[]): Card {
  return {
    machine: describeMachine(),
    comparisons: comparisons.map((comparison) => ({ ...comparison, ...summarize(comparison) })),
    targets: judgeAll(comparisons),
  }
}

/** The comparisons of several card files. Of several with the same id, the last one is used. */
export function readComparisons(paths: readonly string[]): Comparison[] {
  const cards = paths.map((path) => JSON.parse(readFileSync(path, 'utf8')) as Card)
  const all = cards.flatMap(({ comparisons }) => comparisons)
  return [...new Map(all.map((comparison) => [comparison.id, comparison])).values()]
}

/** The hardware and software that the figures depend on. */
const describeMachine = (): Card['machine'] => ({
  system: `${type()} ${release()}`,
  processors: availableParallelism(),
  processor: cpus()[0]?.model ?? 'unknown',
  node: process.versions.node,
  git: execFileSync('git', ['version'], { encoding: 'utf8' }).trim(),
})
