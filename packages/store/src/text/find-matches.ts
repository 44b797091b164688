import { MAX_SEARCH_WORDS, type SearchPattern, type SearchPatterns } from './search-patterns.js'
import { splitWords } from './words.js'

/** A part of a text that matches a pattern. */
export interface Match {
  /** Which one. */
  readonly pattern: SearchPattern
  /** Where its first word begins, in UTF-16 code units. */
  readonly start: number
  /** Where its last word ends. */
  readonly end: number
}

/** Finds all parts of a text that match one of the patterns, by their ends. Reads no further than it is iterated. */
export function* findMatches(text: string, patterns: readonly SearchPattern[]): Generator<Match> {
  const words: string[] = []
  const starts: number[] = []
  for (const word of splitWords(text)) {
    words.push(word.text)
    starts.push(word.start)
    if (words.length > MAX_SEARCH_WORDS) {
      words.shift()
      starts.shift()
    }
    for (const pattern of patterns) {
      const offset = words.length - pattern.words.length
      const start = starts[offset]
      if (start !== undefined && matchesAt(words, offset, pattern)) yield { pattern, start, end: word.end }
    }
  }
}

/** Whether these words have everything that they must have, and nothing that they must not. */
export const isMatch = (words: readonly string[], { required, excluded }: SearchPatterns): boolean =>
  required.every((pattern) => countMatches(words, pattern, 1) === 1) &&
  !excluded.some((pattern) => countMatches(words, pattern, 1) === 1)

/** Counts the places where words match a pattern, up to a limit. */
export function countMatches(
  words: readonly string[],
  pattern: SearchPattern,
  limit = Number.POSITIVE_INFINITY,
): number {
  let count = 0
  for (let offset = words.length - pattern.words.length; offset >= 0 && count < limit; offset -= 1) {
    if (matchesAt(words, offset, pattern)) count += 1
  }
  return count
}

function matchesAt(
  words: readonly string[],
  offset: number,
  { words: wanted, isPrefix }: SearchPattern,
): boolean {
  return wanted.every((word, index) => {
    const text = words[offset + index]
    return text === word || (isPrefix && index === wanted.length - 1 && text?.startsWith(word) === true)
  })
}
