import { invalid } from '../arguments.js'
import { wordsOf } from './words.js'

/** The most words of a search. */
export const MAX_SEARCH_WORDS = 16
/** A shorter prefix is a whole word: it would match too much. */
const MIN_PREFIX_CHARACTERS = 2

/** What to search for: texts of any kind, of which the words count. Case, accents and punctuation make no difference. */
export interface SearchTerms {
  /** Words that must all occur. A text of several words, such as `foo-bar`, is a phrase. */
  readonly words?: readonly string[] | undefined
  /** Texts whose words must occur one after another. */
  readonly phrases?: readonly string[] | undefined
  /** Words or phrases that must not occur. */
  readonly without?: readonly string[] | undefined
  /** Like one of the phrases, but its last word, of at least two characters, only needs to begin like this. */
  readonly prefix?: string | undefined
}

/** Words that must follow one another. */
export interface SearchPattern {
  /** Folded, at least one. */
  readonly words: readonly string[]
  /** Whether the last word only needs to begin like this. */
  readonly isPrefix: boolean
}

/** What a text must have, and must not have, to be found. */
export interface SearchPatterns {
  /** All of them must be there. Empty: nothing is found. */
  readonly required: readonly SearchPattern[]
  /** None of them may be there. */
  readonly excluded: readonly SearchPattern[]
}

/**
 * Turns search terms into what they mean. Terms without words mean nothing.
 *
 * @throws StoreError `invalid-argument` for more than 16 words
 */
export function toSearchPatterns({
  words = [],
  phrases = [],
  without = [],
  prefix,
}: SearchTerms): SearchPatterns {
  for (const [name, texts] of Object.entries({ words, phrases, without })) {
    if (!Array.isArray(texts)) throw invalid(`${name} must be an array`)
    for (const text of texts) checkTerm(name, text)
  }
  if (prefix !== undefined) checkTerm('prefix', prefix)
  const required = [
    ...toPatterns([...words, ...phrases]),
    ...toPatterns(prefix === undefined ? [] : [prefix], true),
  ]
  const excluded = toPatterns(without)
  const count = [...required, ...excluded].reduce((sum, pattern) => sum + pattern.words.length, 0)
  if (count > MAX_SEARCH_WORDS) throw invalid(`a search must not have more than ${MAX_SEARCH_WORDS} words`)
  return { required, excluded }
}

/** Any text: only its words reach an engine, and they have neither NUL nor half of a character. */
function checkTerm(name: string, text: unknown): void {
  if (typeof text !== 'string') throw invalid(`${name} must be text`)
}

function toPatterns(texts: readonly string[], isPrefix = false): SearchPattern[] {
  return texts
    .map(wordsOf)
    .filter((words) => words.length > 0)
    .map((words) => ({
      words,
      isPrefix: isPrefix && Array.from(words.at(-1) ?? '').length >= MIN_PREFIX_CHARACTERS,
    }))
}
