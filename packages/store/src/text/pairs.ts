import type { SearchPattern } from './search-patterns.js'
import { isUnspaced } from './words.js'

/**
 * Two words as one, if both are characters of scripts that do not separate words; otherwise `null`. A phrase of such
 * characters is looked up by its pairs of neighbors, because each character alone is in very many texts.
 */
export const toPair = (first: string | undefined, second: string | undefined): string | null =>
  first !== undefined && second !== undefined && isUnspaced(first) && isUnspaced(second)
    ? first + second
    : null

/** The pairs of neighbors in a pattern, if every word of it is in one; otherwise `null`. */
export function pairsOf({ words, isPrefix }: SearchPattern): string[] | null {
  const pairs = words.slice(1).map((word, index) => toPair(words[index], word))
  return isPrefix || pairs.length === 0 || pairs.includes(null) ? null : (pairs as string[])
}
