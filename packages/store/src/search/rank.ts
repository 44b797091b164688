/** What the rank of a match depends on. */
export interface Occurrences {
  readonly id: number
  /** Of its whole text. */
  readonly length: number
  /** How often each of the patterns occurs in it. */
  readonly counts: readonly number[]
}

/** How much of a text is ranked by. */
export const RANKED_CHARACTERS = 4_000

/** Of BM25: how soon it no longer matters how often a word occurs, and how much the length of a text does. */
const SATURATION = 1.2
const LENGTH_WEIGHT = 0.75

/**
 * Sorts matches by BM25, the most relevant first, and of two that are equal the newer one.
 *
 * @param weights of the patterns: the rarer, the higher
 */
export function rank(matches: readonly Occurrences[], weights: readonly number[]): number[] {
  const mean = matches.reduce((sum, { length }) => sum + length, 0) / matches.length
  const scoreOf = ({ length, counts }: Occurrences): number => {
    const norm = SATURATION * (1 - LENGTH_WEIGHT + (LENGTH_WEIGHT * length) / mean)
    return counts.reduce((score, count, index) => {
      // A match has each pattern somewhere, although only its beginning was counted.
      const known = Math.max(count, 1)
      return score + ((weights[index] ?? 1) * known * (SATURATION + 1)) / (known + norm)
    }, 0)
  }
  return matches
    .map((match) => ({ id: match.id, score: scoreOf(match) }))
    .sort((one, other) => other.score - one.score || other.id - one.id)
    .map(({ id }) => id)
}

/** The weight of a pattern that `matching` of `total` messages have. */
export const weightOf = (matching: number, total: number): number =>
  Math.log(1 + (total - matching + 0.5) / (matching + 0.5))
