/** Totals of words, in a table of fixed size: it does not tell two words of the same hash apart. */
export interface WordTotals {
  /** Adds to the number of times that a word occurs, and to the sum of the places where it does. */
  add(word: string, count: number, places: number): void
  areZero(): boolean
}

/** A power of two. */
const SIZE = 2 ** 16
const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193

export function createWordTotals(): WordTotals {
  const counts = new Float64Array(SIZE)
  const sums = new Float64Array(SIZE)

  return {
    add(word, count, places) {
      const slot = hash(word) & (SIZE - 1)
      counts[slot] = (counts[slot] ?? 0) + count
      sums[slot] = (sums[slot] ?? 0) + places
    },
    areZero: () => counts.every((count) => count === 0) && sums.every((sum) => sum === 0),
  }
}

/** FNV-1a of the code units. */
function hash(word: string): number {
  let value = FNV_OFFSET
  for (let index = 0; index < word.length; index += 1) {
    value = Math.imul(value ^ word.charCodeAt(index), FNV_PRIME)
  }
  return (value ^ (value >>> 15)) >>> 0
}
