import type { Comparison } from './compare.js'
import type { Fixtures } from './rig/fixtures.js'

/** How much is measured, and on what. */
export interface Bench {
  readonly rounds: number
  /** Seconds of load in each run. */
  readonly seconds: number
  /** Messages in a backlog. */
  readonly messages: number
  /** Messages that are there already: what growth is looked for in. Ascending. */
  readonly sizes: readonly number[]
  readonly fixtures: Fixtures
}

/** One question and its answers. */
export interface Part {
  readonly name: string
  readonly title: string
  run(bench: Bench): Promise<Comparison[]>
}

/** What all sizes are compared with: large enough that nothing is empty. */
export const baseSize = ({ sizes }: Bench): number =>
  sizes.includes(10_000) ? 10_000 : (sizes.find((size) => size > 0) ?? 0)

/** For a person: 100,000. */
export const inThousands = (count: number): string => count.toLocaleString('en-US')
