import type { Fixtures } from '../data/fixtures.js'
import type { Comparison } from '../report/compare.js'

/** How much to measure, and on which fixtures. */
export interface Bench {
  readonly rounds: number
  /** Seconds of load in each run, after the warm-up. */
  readonly seconds: number
  /** The number of messages in a backlog. */
  readonly messages: number
  /** Numbers of messages that are stored already, ascending: how costs grow with them is measured. */
  readonly sizes: readonly number[]
  readonly fixtures: Fixtures
}

/** One subject of the benchmark. */
export interface Part {
  readonly name: string
  readonly title: string
  run(bench: Bench): Promise<Comparison[]>
}

/** The size that larger ones are compared with: large enough that nothing is empty. */
export const baseSize = ({ sizes }: Bench): number =>
  sizes.includes(10_000) ? 10_000 : (sizes.find((size) => size > 0) ?? 0)

/** With separators for people: `100,000`. */
export const formatCount = (count: number): string => count.toLocaleString('en-US')

/** The name of a contender that starts with `size` stored messages. */
export const nameAtSize = (name: string, size: number): string => `${name} at ${formatCount(size)}`
