import { foldCharacter } from './fold-character.js'

/** A word of a text, in the form in which words are compared, and the part of the text that it was made of. */
export interface Word {
  /** Folded: without case, accents and other differences of spelling. */
  readonly text: string
  /** Where the part begins, in UTF-16 code units. */
  readonly start: number
  /** Where it ends. Parts do not overlap, but one can have several words: `½` has 1 and 2. */
  readonly end: number
}

/** A longer word is cut, in the index and in queries: an engine may limit the length of its keys. */
const MAX_WORD_CHARACTERS = 128

/**
 * Chinese, Japanese, Thai, Lao, Burmese and Khmer, which do not separate words: each character is a word of its own, so
 * that any part of a text is found. As ranges, so that these do not depend on the version of Unicode.
 */
const UNSPACED = String.raw`\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua9e0-\ua9ff\uaa60-\uaa7f\uf900-\ufaff\uff66-\uff9f\u{1aff0}-\u{1b16f}\u{20000}-\u{3fffd}`

/** A character of these scripts, with a sound mark of its own if there is one; a Burmese vowel can be written as two. */
const CHARACTER = String.raw`\u1025\u102e|[[\p{L}\p{M}\p{N}]&&[${UNSPACED}]][\u3099\u309a\uff9e\uff9f]?`

/** A run of letters and digits, with the marks on them. */
const RUN = String.raw`[[\p{L}\p{N}]--[${UNSPACED}]][[\p{L}\p{M}\p{N}]--[${UNSPACED}]]*`

const UNSPACED_START = new RegExp(`^[${UNSPACED}]`, 'v')
const WORD = new RegExp(`${CHARACTER}|${RUN}`, 'gv')
const ASCII_WORD = /[a-z0-9]+/g
const ASCII = /^[\0-\x7f]*$/

/** Runs that are the same when folded: most of the characters above, and Korean. */
const UNCHANGED =
  /^(?:[\u0e01-\u0e32\u0e34-\u0e5b\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u9fff]|[\uac00-\ud7a3]+)$/

/** Splits a text into words, in order: runs of letters and digits. All else separates. */
export function* splitWords(text: string): Generator<Word> {
  for (let end = 0; ; ) {
    // Set each time, because other texts may be split meanwhile; `matchAll` would compile the expression again.
    WORD.lastIndex = end
    const match = WORD.exec(text)
    if (!match) return
    const [run] = match
    const start = match.index
    end = start + run.length
    if (UNCHANGED.test(run)) yield { text: run, start, end }
    else if (ASCII.test(run)) yield { text: cut(run.toLowerCase()), start, end }
    else for (const word of fold(run).match(WORD) ?? []) yield { text: cut(word), start, end }
  }
}

/** Whether a word is a single character, of a script that does not separate words. */
export const isUnspaced = (word: string): boolean => UNSPACED_START.test(word)

/** The words of a text, without their places. */
export function wordsOf(text: string): string[] {
  if (ASCII.test(text)) return (text.toLowerCase().match(ASCII_WORD) ?? []).map(cut)
  return Array.from(splitWords(text), (word) => word.text)
}

/** Folds one character at a time, because that can be remembered. The result may have separators: `½` becomes 1⁄2. */
function fold(run: string): string {
  let folded = ''
  for (const character of run.normalize('NFC')) folded += foldCharacter(character)
  return folded.normalize('NFC')
}

function cut(word: string): string {
  if (word.length <= MAX_WORD_CHARACTERS) return word
  return Array.from(word).slice(0, MAX_WORD_CHARACTERS).join('')
}
