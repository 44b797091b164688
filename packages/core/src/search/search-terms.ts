import { MAX_SEARCH_WORDS, type SearchTerms, splitWords } from '@gitmsg/store'

/** A part of a query. */
interface Term {
  readonly kind: 'word' | 'phrase' | 'without'
  readonly text: string
}

/** A phrase, to its closing quote or to the end, or what is between spaces and quotes. */
const TERM = /(-?)"([^"]*)"?|([^\s"]+)/g

/**
 * Reads a query: words, `"phrases"`, `-without`, and a last word with `*` as a prefix. All else is plain text, so that
 * every query is valid. Words beyond the first 16 are ignored.
 */
export function parseSearchTerms(query: string): SearchTerms {
  const terms = cutAfterMaxWords(Array.from(query.matchAll(TERM), toTerm))
  const textsOf = (kind: Term['kind']) => terms.filter((term) => term.kind === kind).map(({ text }) => text)
  const last = terms.at(-1)
  const isPrefix = last?.kind === 'word' && last.text.endsWith('*')
  const words = textsOf('word')
  return {
    words: isPrefix ? words.slice(0, -1) : words,
    phrases: textsOf('phrase'),
    without: textsOf('without'),
    ...(isPrefix && { prefix: last.text }),
  }
}

function toTerm([, minus, phrase, word = '']: RegExpMatchArray): Term {
  if (phrase !== undefined) return { kind: minus ? 'without' : 'phrase', text: phrase }
  return word.startsWith('-') ? { kind: 'without', text: word.slice(1) } : { kind: 'word', text: word }
}

/** The terms that have words, up to the limit. */
function cutAfterMaxWords(terms: readonly Term[]): Term[] {
  const cut: Term[] = []
  let left = MAX_SEARCH_WORDS
  for (const { kind, text } of terms) {
    const words = [...splitWords(text)]
    const [tooMuch] = words.slice(left)
    const fitting = words.slice(0, left).filter(({ end }) => end <= (tooMuch?.start ?? end))
    if (fitting.length > 0) cut.push({ kind, text: tooMuch ? text.slice(0, fitting.at(-1)?.end) : text })
    left -= fitting.length
    if (tooMuch) break
  }
  return cut
}
