import { toSearchPatterns } from '@gitmsg/store'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSearchTerms } from './search-terms.js'
import { createSnippet } from './snippet.js'

const snippet = (text: string, query: string) =>
  createSnippet(text, toSearchPatterns(parseSearchTerms(query)).required)

/** With the matches in brackets. */
const shown = (text: string, query: string) =>
  snippet(text, query)
    .map((part) => (part.match ? `[${part.text}]` : part.text))
    .join('')

const GAP = { text: '…', match: false }
const filler = (words: number) => 'lorem ipsum '.repeat(words / 2)

describe('createSnippet()', () => {
  it.each([
    ['Hello, World! hello', 'hello', '[Hello], World! [hello]'],
    ['a Straße in KÖLN', 'strasse koln', 'a [Straße] in [KÖLN]'],
    ['foo, bar and foo-bar', 'foo-bar', '[foo, bar] and [foo-bar]'],
    ['deployed the deployment', 'deploy*', '[deployed] the [deployment]'],
    ['明天在北京开会', '北京 开会', '明天在[北京开会]'],
    ['ที่นี่', 'ท', '[ที่]นี่'],
    ['cafe\u0301s', 'cafés', '[cafe\u0301s]'],
    ['a b a b', '"a b" "b a"', '[a b a b]'],
    ['<b>bold</b> &amp;', 'bold', '<b>[bold]</b> &amp;'],
    ['nothing here', 'other', 'nothing here'],
  ])('marks in "%s" what "%s" matches', (text, query, expected) => {
    expect(shown(text, query)).toBe(expected)
  })

  it('shows a long text around the first match of each word, with gaps between', () => {
    const text = `${filler(100)}first ${filler(100)}second ${filler(100)}`
    const [before, one, between, two, after] = shown(text, 'second first').split(/\[(\w+)\]/)
    expect([one, two]).toEqual(['first', 'second'])
    expect(before).toMatch(/^…(ipsum|lorem) [a-z ]{50,80}$/)
    expect(between).toMatch(/^ [a-z ]{40,80}…[a-z ]{40,80}$/)
    expect(after).toMatch(/^ [a-z ]{40,80}…$/)
  })

  it('shows no more than three parts of a text', () => {
    const words = ['one', 'two', 'three', 'four']
    const text = words.map((word) => `${filler(100)}${word} `).join('')
    const parts = snippet(text, words.join(' '))
    expect(parts.filter(({ match }) => match).map(({ text }) => text)).toEqual(['one', 'two', 'three'])
  })

  it('shows only the beginning of a match that is very long', () => {
    const text = `start ${'.'.repeat(9_000)} end ${filler(50)}`
    const parts = snippet(text, '"start end"')
    expect(parts[0]).toEqual({ text: `start ${'.'.repeat(174)}`, match: true })
    expect(parts.at(-1)).toEqual(GAP)
    expect(snippet('x'.repeat(9_000), 'xx*')).toEqual([{ text: 'x'.repeat(180), match: true }, GAP])
  })

  it('shows nothing of a grapheme that is longer than a snippet', () => {
    const text = `e${'\u0301'.repeat(5_000)}`
    expect(snippet(text, 'e')).toEqual([GAP])
  })
})

const unit = fc.constantFrom(
  ...[
    'needle',
    'Needle',
    'näedle',
    ' ',
    ' ',
    '-',
    'a',
    'é',
    'e\u0301',
    '👩‍👩‍👧‍👦',
    '🏴‍☠️',
    '🇩🇪',
    '東',
    '京',
    'か\u3099',
    'ที่',
    'न्दी',
  ],
  ...['한', '\u0301', '\u200d', '\ud83d\ude00', '1️⃣', 'lorem ipsum dolor '],
)
const texts = fc
  .tuple(fc.array(unit, { maxLength: 80 }), fc.constantFrom(1, 1, 30))
  .map(([parts, times]) => parts.join('').repeat(times))

it('createSnippet() shows parts of the text in their order, cuts no grapheme, and marks only what matches', () => {
  let matches = 0
  fc.assert(
    fc.property(
      texts,
      fc.constantFrom('needle', 'ne*', '東京 a', '"needle a" é', 'ท', 'か\u3099'),
      (text, query) => {
        const parts = snippet(text, query)
        const boundaries = new Set([
          ...Array.from(new Intl.Segmenter('en').segment(text), ({ index }) => index),
          text.length,
        ])
        let place = 0
        let length = 0
        for (const part of parts) {
          length += part.text.length
          if (part.text === '…') continue
          const start = text.indexOf(part.text, place)
          expect(start).toBeGreaterThanOrEqual(place)
          place = start + part.text.length
          matches += Number(part.match)
          expect(part.text).not.toBe('')
        }
        const gapless = parts.filter((part) => part.text !== '…').map((part) => part.text)
        for (const shownText of gapless) expect(isCutAt(text, shownText, boundaries)).toBe(true)
        if (text.length > 4_000) expect(length).toBeLessThan(text.length / 2)
        if (text.length <= 240) expect(gapless.join('')).toBe(text)
      },
    ),
    { numRuns: 500 },
  )
  expect(matches).toBeGreaterThan(100)
})

/** Whether one of the places at which the text has this part begins and ends between graphemes. */
function isCutAt(text: string, part: string, boundaries: ReadonlySet<number>): boolean {
  for (let start = text.indexOf(part); start >= 0; start = text.indexOf(part, start + 1)) {
    if (boundaries.has(start) && boundaries.has(start + part.length)) return true
  }
  return false
}
