import { findMatches, type SearchPattern } from '@gitmsg/store'

/** A part of a snippet. */
export interface SnippetPart {
  /** A part of the message's text, exactly as it is there, or `…` for what is left out. */
  readonly text: string
  /** Whether it is what was searched for. */
  readonly match: boolean
}

/** In UTF-16 code units, like all lengths here. A shorter text is shown as a whole. */
const MAX_WHOLE_LENGTH = 240
/** What is shown before and after a match. */
const CONTEXT_LENGTH = 80
/** Of a longer match, only the beginning is shown. */
const MAX_MATCH_LENGTH = 100
const MAX_WINDOWS = 3
/** How far a window moves its ends to those of a word. */
const MAX_WORD_LENGTH = 20

const GAP: SnippetPart = { text: '…', match: false }
const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' })

interface Range {
  readonly start: number
  readonly end: number
}

/** A part of the text that is shown, and the matches in it. */
interface Window extends Range {
  readonly matches: Range[]
}

/** Shows a text around the first places where it matches: as a whole if it is short, otherwise less than half of it. */
export function createSnippet(text: string, patterns: readonly SearchPattern[]): SnippetPart[] {
  const graphemes = GRAPHEMES.segment(text)
  const windows = text.length > MAX_WHOLE_LENGTH ? findWindows(text, patterns) : [showAll(text, patterns)]
  const parts: SnippetPart[] = []
  let shown = 0
  for (const window of windows) {
    const range = toWholeGraphemes(graphemes, toWholeWords(text, window))
    if (range.start >= range.end) continue
    if (range.start > shown) parts.push(GAP)
    parts.push(
      ...markMatches(text, { range, matches: window.matches.map((match) => widen(graphemes, match)) }),
    )
    shown = range.end
  }
  if (shown < text.length) parts.push(GAP)
  return parts
}

const showAll = (text: string, patterns: readonly SearchPattern[]): Window => ({
  start: 0,
  end: text.length,
  matches: [...findMatches(text, patterns)],
})

/** A window around the first match of each pattern. */
function findWindows(text: string, patterns: readonly SearchPattern[]): Window[] {
  const windows: Window[] = []
  const seen = new Set<SearchPattern>()
  for (const { pattern, start, end } of findMatches(text, patterns)) {
    const last = windows.at(-1)
    const isInLast = last !== undefined && start < last.end
    if (!isInLast && (seen.size === patterns.length || windows.length === MAX_WINDOWS)) break
    if (isInLast) last.matches.push({ start, end })
    else if (!seen.has(pattern)) {
      windows.push({
        start: Math.max(last?.end ?? 0, start - CONTEXT_LENGTH),
        end: Math.min(text.length, Math.min(end, start + MAX_MATCH_LENGTH) + CONTEXT_LENGTH),
        matches: [{ start, end }],
      })
    }
    seen.add(pattern)
  }
  return windows.length > 0 ? windows : [{ start: 0, end: 2 * CONTEXT_LENGTH, matches: [] }]
}

/** Moves the ends of a window, if they are within the text, to those of words, but not into a match. */
function toWholeWords(text: string, { start, end, matches }: Window): Range {
  const first = Math.min(...matches.map((match) => match.start), end)
  const last = Math.max(...matches.map((match) => match.end), start)
  const head = text.slice(start, Math.min(start + MAX_WORD_LENGTH, first)).search(/\s/)
  const tail = /\s\S*$/.exec(text.slice(Math.max(end - MAX_WORD_LENGTH, last), end))
  return {
    start: start > 0 && head >= 0 ? start + head + 1 : start,
    end: end < text.length && tail ? end - tail[0].length : end,
  }
}

/** The part of a range that cuts no grapheme. */
function toWholeGraphemes(graphemes: Intl.Segments, { start, end }: Range): Range {
  const first = graphemes.containing(start)
  return {
    start: first && first.index < start ? first.index + first.segment.length : start,
    end: graphemes.containing(end)?.index ?? end,
  }
}

/** A range with the whole of the graphemes that it cuts. */
function widen(graphemes: Intl.Segments, { start, end }: Range): Range {
  const last = graphemes.containing(end - 1)
  return {
    start: graphemes.containing(start)?.index ?? start,
    end: last ? last.index + last.segment.length : end,
  }
}

/** Splits a range of the text where matches begin and end; those that touch become one. */
function markMatches(
  text: string,
  { range, matches }: { range: Range; matches: readonly Range[] },
): SnippetPart[] {
  const parts: SnippetPart[] = []
  let place = range.start
  function add(end: number, match: boolean): void {
    if (end <= place) return
    const added = text.slice(place, end)
    const last = parts.at(-1)
    if (last?.match === match) parts.splice(-1, 1, { text: last.text + added, match })
    else parts.push({ text: added, match })
    place = end
  }
  for (const { start, end } of matches.toSorted((one, other) => one.start - other.start)) {
    add(Math.min(start, range.end), false)
    add(Math.min(end, range.end), true)
  }
  add(range.end, false)
  return parts
}
