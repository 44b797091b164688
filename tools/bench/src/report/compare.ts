/**
 * What one run of a contender measured. The keys name the metric with its unit: `{ 'posts/s': 5210, 'p99 ms': 3.1
 * }`.
 */
export type Readings = Readonly<Record<string, number>>

/** One way to do the work. A run rejects unless the work was really done. */
export interface Contender {
  readonly name: string
  run(round: number): Promise<Readings>
}

export interface Comparison {
  /** The key by which targets refer to it. */
  readonly id: string
  readonly what: string
  /** The readings of each contender, in the order of the rounds. */
  readonly runs: Readonly<Record<string, readonly Readings[]>>
}

/**
 * Runs contenders in turns, in alternating order, so that a slow moment of the machine affects all of them. The
 * others are compared with the first one.
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

/** The median of a contender's readings; `undefined` if it has none of this metric. */
export function medianOf({ runs }: Comparison, name: string, metric: string): number | undefined {
  return median((runs[name] ?? []).flatMap((readings) => readings[metric] ?? []))
}

/** The median, over the rounds, of one contender's reading divided by another's. More reliable than the figures. */
export function ratioOf(
  { runs }: Comparison,
  metric: string,
  [numerator, denominator]: readonly [numerator: string, denominator: string],
): number | undefined {
  const ratios = (runs[numerator] ?? []).flatMap((readings, round) => {
    const divisor = runs[denominator]?.[round]?.[metric] ?? Number.NaN
    const ratio = (readings[metric] ?? Number.NaN) / divisor
    return Number.isFinite(ratio) ? ratio : []
  })
  return median(ratios)
}

function median(figures: readonly number[]): number | undefined {
  const sorted = figures.toSorted((one, other) => one - other)
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1)
  return middle.length === 0 ? undefined : middle.reduce((sum, figure) => sum + figure, 0) / middle.length
}
