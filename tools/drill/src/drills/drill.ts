import type { SeededRandom } from '../rig/seeded-random.js'
import type { Site } from '../rig/site.js'

/** What a drill works with. */
export interface DrillContext {
  readonly random: SeededRandom
  /** Where it records what it finds. */
  readonly tally: Tally
  /** The number of messages in a long backlog. */
  readonly backlog: number
  /** The first figure, or the second one in a quick run. */
  scale(full: number, quick: number): number
  /** Prints a line of progress. */
  log(line: string): void
  /** Opens a new folder with its own history; it is removed when the drill ends. */
  openSite(options?: { dataDirectory?: string; remote?: boolean }): Site
}

/** One kind of fault, injected on purpose. */
export interface Drill {
  readonly name: string
  /** What it does, for the list and the card. */
  readonly title: string
  /** Why it cannot run on this machine; `null` if it can. */
  readonly obstacle?: () => string | null
  /** It posts nothing, so nothing has to be acknowledged. */
  readonly withoutClients?: true
  readonly run: (context: DrillContext) => Promise<void>
}

/** What a drill found. */
export interface Tally {
  /** Faults that really happened. A drill without any proves nothing. */
  injected: number
  /** Posts with a 201. */
  acknowledged: number
  readonly figures: Record<string, number | string>
  /** Every broken promise. */
  readonly problems: string[]
}

/** A tally without any findings. */
export const emptyTally = (): Tally => ({ injected: 0, acknowledged: 0, figures: {}, problems: [] })

/** Adds to a figure that is a count. */
export function count(tally: Tally, figure: string, by = 1): void {
  tally.figures[figure] = Number(tally.figures[figure] ?? 0) + by
}
