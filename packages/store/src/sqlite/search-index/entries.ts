import type { SearchPattern, SearchPatterns } from '../../text/search-patterns.js'
import { wordsOf } from '../../text/words.js'

/**
 * Of the ids. Every word in the index begins with the key of its message's partition, so that a search is many small
 * ones, in partitions of this size: what FTS5 does between two rows (merging all words with a prefix, skipping rows that
 * lack another word) would otherwise grow with the number of messages.
 */
export const PARTITION_SIZE = 16_384

export const partitionOf = (id: number): number => Math.floor(id / PARTITION_SIZE)

/** The key of a partition: letters and digits, of which the first is their number, so that none begins with another. */
export function partitionKey(partition: number): string {
  const digits = partition.toString(36)
  return digits.length.toString(36) + digits
}

/** What is indexed for a message: its words, each with the key of the partition. */
export function toEntry({ id, content }: { readonly id: number; readonly content: string }): string {
  const key = partitionKey(partitionOf(id))
  return wordsOf(content)
    .map((word) => key + word)
    .join(' ')
}

/** The query for what matches in some partitions, in FTS5's syntax. There is nothing to quote in words: they have no quotes. */
export const toExpression = (patterns: SearchPatterns, partitions: readonly number[]): string =>
  partitions.map((partition) => toPartitionExpression(patterns, partitionKey(partition))).join(' OR ')

function toPartitionExpression({ required, excluded }: SearchPatterns, key: string): string {
  const quote = ({ words, isPrefix }: SearchPattern) =>
    `"${words.map((word) => key + word).join(' ')}"${isPrefix ? ' *' : ''}`
  const found = `(${required.map(quote).join(' AND ')})`
  return excluded.length === 0 ? found : `(${found} NOT (${excluded.map(quote).join(' OR ')}))`
}
