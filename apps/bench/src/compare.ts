/** One way of doing something: runs once and answers how many a second. */
export interface Contender {
  readonly name: string
  run(): Promise<number>
}

export interface Comparison {
  readonly what: string
  readonly unit: string
  /** Medians, by name. */
  readonly medians: Record<string, number>
  /** The first contender's figure by each other's, pair by pair, as medians. */
  readonly ratios: Record<string, number>
}

/**
 * Lets contenders take turns, so that a slow moment of the machine hits all of them, and compares the first
 * with the others in each round: the ratios can be trusted where the figures cannot.
 */
export async function compare(
  what: string,
  { unit, rounds, contenders }: { unit: string; rounds: number; contenders: readonly Contender[] },
): Promise<Comparison> {
  const figures = new Map(contenders.map(({ name }) => [name, [] as number[]]))
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, run } of contenders) figures.get(name)?.push(await run())
  }
  const [[, subject = []] = [], ...others] = figures
  return {
    what,
    unit,
    medians: Object.fromEntries([...figures].map(([name, runs]) => [name, median(runs)])),
    ratios: Object.fromEntries(
      others.map(([name, runs]) => [
        name,
        median(runs.map((figure, round) => (subject[round] ?? 0) / figure)),
      ]),
    ),
  }
}

function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
