import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, release, type } from 'node:os'
import type { Comparison } from '../compare.js'

/** All that was measured, and where: what `--out` writes and `--from` reads. */
export interface Card {
  readonly machine: Readonly<Record<string, string | number>>
  readonly settings: Readonly<Record<string, unknown>>
  readonly comparisons: readonly Comparison[]
}

/** What the figures depend on. */
export const describeMachine = (): Card['machine'] => ({
  system: `${type()} ${release()}`,
  processors: availableParallelism(),
  processor: cpus()[0]?.model ?? 'unknown',
  node: process.versions.node,
  git: execFileSync('git', ['version'], { encoding: 'utf8' }).trim(),
})

/** The comparisons of several cards; of those with one id, the last. */
export function readComparisons(paths: readonly string[]): Comparison[] {
  const cards = paths.map((path) => JSON.parse(readFileSync(path, 'utf8')) as Card)
  const all = cards.flatMap(({ comparisons }) => comparisons)
  return [...new Map(all.map((comparison) => [comparison.id, comparison])).values()]
}
