import { MAX_SEARCH_WORDS, type SearchPattern } from './search-patterns.js'
import { splitWords, type Word } from './words.js'

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
  const latest: Word[] = []
  for (const word of splitWords(text)) {
    latest.push(word)
    if (latest.length > MAX_SEARCH_WORDS) latest.shift()
    for (const pattern of patterns) {
      const first = latest[latest.length - pattern.words.length]
      if (first && endsWith(latest, pattern)) yield { pattern, start: first.start, end: word.end }
    }
  }
}

function endsWith(latest: readonly Word[], { words, isPrefix }: SearchPattern): boolean {
  const offset = latest.length - words.length
  return words.every((word, index) => {
    const text = latest[offset + index]?.text
    return text === word || (isPrefix && index === words.length - 1 && text?.startsWith(word) === true)
  })
}
