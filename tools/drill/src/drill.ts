import type { SeededRandom } from './rig/seeded-random.js'
import type { Site } from './rig/site.js'

/** What a drill gets, and where it writes down what it found. */
export interface DrillContext {
  readonly random: SeededRandom
  readonly tally: Tally
  /** How many messages wait in a long backlog. */
  readonly backlog: number
  /** The second figure in a quick run. */
  scale(full: number, quick: number): number
  /** Says how far it is. */
  say(line: string): void
  /** A new folder with a history of its own; it is removed when the drill ends. */
  openSite(options?: { dataDirectory?: string; remote?: boolean }): Site
}

/** One kind of trouble, made on purpose. */
export interface Drill {
  readonly name: string
  /** What it does, for the table. */
  readonly title: string
  /** Why it cannot run on this machine; `null` where it can. */
  readonly obstacle?: () => string | null
  readonly run: (context: DrillContext) => Promise<void>
}

/** What a drill found. */
export interface Tally {
  /** Faults that were really made. A drill without any proves nothing. */
  injected: number
  /** Posts that were answered with 201. */
  acknowledged: number
  readonly figures: Record<string, number | string>
  /** Everything that is not as it was promised. */
  readonly problems: string[]
}

export const emptyTally = (): Tally => ({ injected: 0, acknowledged: 0, figures: {}, problems: [] })

/** Adds to a figure that counts. */
export function count(tally: Tally, figure: string, by = 1): void {
  tally.figures[figure] = Number(tally.figures[figure] ?? 0) + by
}
