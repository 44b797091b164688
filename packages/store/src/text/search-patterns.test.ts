import { expect, it } from 'vitest'
import { toSearchPatterns } from './search-patterns.js'

const pattern = (...words: string[]) => ({ words, isPrefix: false })

it('toSearchPatterns() makes a pattern of each term that has words', () => {
  const terms = {
    words: ['One', 'foo-bar', '!'],
    phrases: ['Two, three'],
    without: ['four', ''],
    prefix: 'five si',
  }
  expect(toSearchPatterns(terms)).toEqual({
    required: [
      pattern('one'),
      pattern('foo', 'bar'),
      pattern('two', 'three'),
      { words: ['five', 'si'], isPrefix: true },
    ],
    excluded: [pattern('four')],
  })
  expect(toSearchPatterns({})).toEqual({ required: [], excluded: [] })
})

it('toSearchPatterns() makes a whole word of a prefix of one character', () => {
  for (const prefix of ['a', 'É', 'e\u0301', '会', '𐓏']) {
    expect(toSearchPatterns({ prefix }).required[0]?.isPrefix).toBe(false)
  }
})
