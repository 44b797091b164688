import { pairsOf, toPair } from '../../text/pairs.js'
import type { SearchPattern, SearchPatterns } from '../../text/search-patterns.js'
import { isUnspaced, wordsOf } from '../../text/words.js'

/**
 * Of the ids. Every word in the index begins with the key of its message's partition, so that a search is many small
 * ones, in partitions of this size: what FTS5 does between two rows (merging all words with a prefix, skipping rows that
 * lack another word) would otherwise grow with the number of messages.
 */
export const PARTITION_SIZE = 65_536

export const partitionOf = (id: number): number => Math.floor(id / PARTITION_SIZE)

/** The key of a partition: letters and digits, of which the first is their number, so that none begins with another. */
export function partitionKey(partition: number): string {
  const digits = partition.toString(36)
  return digits.length.toString(36) + digits
}

/** No word has this character, and FTS5 takes it as a part of one. */
const GAP = '\u2026'

/**
 * What is indexed of a text, in order: its words and then, for scripts that do not separate words, each pair of
 * neighbors.
 */
export function termsOf(content: string): string[] {
  const words = wordsOf(content)
  if (!words.some(isUnspaced)) return words
  const terms = [...words]
  for (const [index, word] of words.entries()) {
    const pair = toPair(words[index - 1], word)
    if (pair !== null) terms.push(pair)
    // What is before and what follows are not neighbors.
    else if (terms.at(-1) !== GAP) terms.push(GAP)
  }
  return terms
}

/** What is indexed for a message: its terms, each with the key of the partition. */
export function toEntry({ id, content }: { readonly id: number; readonly content: string }): string {
  const key = partitionKey(partitionOf(id))
  return termsOf(content)
    .map((term) => key + term)
    .join(' ')
}

/** The query for what matches in a partition, in FTS5's syntax. There is nothing to quote in terms: they have no quotes. */
export function toExpression({ required, excluded }: SearchPatterns, partition: number): string {
  const key = partitionKey(partition)
  function quote(pattern: SearchPattern): string {
    const terms = (pairsOf(pattern) ?? pattern.words).map((term) => key + term)
    return `"${terms.join(' ')}"${pattern.isPrefix ? ' *' : ''}`
  }
  const found = required.map(quote).join(' AND ')
  return excluded.length === 0 ? found : `(${found}) NOT (${excluded.map(quote).join(' OR ')})`
}
