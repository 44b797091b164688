/** What one run of a contender measured, by metric with its unit: `{ 'posts/s': 5210, 'p99 ms': 3.1 }`. */
export type Readings = Readonly<Record<string, number>>

/** One way of doing something. A run that did not do its work throws. */
export interface Contender {
  readonly name: string
  run(round: number): Promise<Readings>
}

export interface Comparison {
  /** By which the targets find it. */
  readonly id: string
  readonly what: string
  /** By contender, in the order of the rounds. */
  readonly runs: Readonly<Record<string, readonly Readings[]>>
}

/**
 * Lets contenders take turns, in one order and then in the other, so that a slow moment of the machine hits all
 * of them. The first one is what the others are compared with.
 */
export async function compare(
  { id, what }: Pick<Comparison, 'id' | 'what'>,
  { rounds, contenders }: { rounds: number; contenders: readonly Contender[] },
): Promise<Comparison> {
  const runs = Object.fromEntries(contenders.map(({ name }) => [name, [] as Readings[]]))
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, run } of round % 2 === 0 ? contenders : contenders.toReversed()) {
      runs[name]?.push(await run(round))
    }
  }
  return { id, what, runs }
}

/** The median of a contender's readings; `undefined` where it has none of this metric. */
export function medianOf({ runs }: Comparison, name: string, metric: string): number | undefined {
  return median((runs[name] ?? []).flatMap((readings) => readings[metric] ?? []))
}

/** One contender's readings by another's of the same round, as a median: to be trusted where the figures cannot. */
export function ratioOf(
  { runs }: Comparison,
  metric: string,
  [one, other]: readonly [one: string, other: string],
): number | undefined {
  const ratios = (runs[one] ?? []).flatMap((readings, round) => {
    const ratio = (readings[metric] ?? Number.NaN) / (runs[other]?.[round]?.[metric] ?? Number.NaN)
    return Number.isFinite(ratio) ? ratio : []
  })
  return median(ratios)
}

function median(figures: readonly number[]): number | undefined {
  const sorted = figures.toSorted((one, other) => one - other)
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1)
  return middle.length === 0 ? undefined : middle.reduce((sum, figure) => sum + figure, 0) / middle.length
}
