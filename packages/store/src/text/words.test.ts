import fc from 'fast-check'
import { expect, it } from 'vitest'
import { splitWords, wordsOf } from './words.js'

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom(
      'a',
      'é',
      'e\u0301',
      'ß',
      'İ',
      '東',
      'か\u3099',
      'ำ',
      '½',
      'ﷺ',
      '한',
      '\u0301',
      '-',
      ' ',
    ),
    maxLength: 30,
  }),
)

it('splitWords() tells where each word is, and folds it', () => {
  const text = 'The Café — 東京; ½'
  const words = [...splitWords(text)].map(({ text: word, start, end }) => [word, text.slice(start, end)])
  expect(words).toEqual([
    ['the', 'The'],
    ['cafe', 'Café'],
    ['東', '東'],
    ['京', '京'],
    ['1', '½'],
    ['2', '½'],
  ])
})

it('wordsOf() finds no words in what has no letters and digits', () => {
  expect(wordsOf('')).toEqual([])
  expect(wordsOf(' \0\n\u200d—…👍🏽🏴‍☠️→$+<>|^~`\u0301\ufe0f\ue000')).toEqual([])
})

it('wordsOf() cuts a word after 128 characters, and never within one', () => {
  expect(wordsOf('x'.repeat(200))).toEqual(['x'.repeat(128)])
  expect(wordsOf('𝔘'.repeat(200))).toEqual(['u'.repeat(128)])
  expect(wordsOf('𐓏'.repeat(200))).toEqual(['𐓷'.repeat(128)])
})

it('splitWords() and wordsOf() find the same words, which are parts of the text, in order', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const words = [...splitWords(text)]
      expect(words.map((word) => word.text)).toEqual(wordsOf(text))
      let last = { start: 0, end: 0 }
      for (const word of words) {
        expect(word.end).toBeGreaterThan(word.start)
        const isSamePart = word.start === last.start && word.end === last.end
        expect(isSamePart || word.start >= last.end).toBe(true)
        last = word
      }
    }),
    { numRuns: 500 },
  )
})

it('wordsOf() finds the same words in every case and in both normal forms', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
      const words = wordsOf(text)
      expect(wordsOf(text.normalize('NFD'))).toEqual(words)
      expect(wordsOf(text.normalize('NFC'))).toEqual(words)
    }),
    { numRuns: 500 },
  )
})

it('wordsOf() finds the same words in both normal forms of every character', () => {
  const different: string[] = []
  for (let code = 0; code <= 0x10ffff; code += 1) {
    const character = String.fromCodePoint(code)
    const decomposed = character.normalize('NFD')
    if (decomposed === character) continue
    if (wordsOf(character).join(' ') !== wordsOf(decomposed).join(' ')) different.push(character)
  }
  expect(different).toEqual([])
})

it('wordsOf() finds words without anything that would have a meaning in a query', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      for (const word of wordsOf(text)) expect(word).toMatch(/^[\p{L}\p{M}\p{N}]+$/u)
    }),
    { numRuns: 500 },
  )
})
