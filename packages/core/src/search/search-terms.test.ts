import { toSearchPatterns } from '@gitmsg/store'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseSearchTerms } from './search-terms.js'

const NOTHING = { words: [], phrases: [], without: [] }

it.each([
  ['', {}],
  ['deploy', { words: ['deploy'] }],
  [' deploy\tfailed\u3000again ', { words: ['deploy', 'failed', 'again'] }],
  ['"rolled back" deploy', { words: ['deploy'], phrases: ['rolled back'] }],
  ['"never closed', { phrases: ['never closed'] }],
  ['say"what"now', { words: ['say', 'now'], phrases: ['what'] }],
  ['deploy -test -"dry run"', { words: ['deploy'], without: ['test', 'dry run'] }],
  ['--force', { without: ['-force'] }],
  ['foo-bar', { words: ['foo-bar'] }],
  ['fail*', { prefix: 'fail*' }],
  ['big fail* ...', { words: ['big'], prefix: 'fail*' }],
  ['fail* big', { words: ['fail*', 'big'] }],
  ['fail* -big', { words: ['fail*'], without: ['big'] }],
  ['-fail*', { without: ['fail*'] }],
  ['"fail"*', { phrases: ['fail'] }],
  ['AND OR NOT NEAR(a b)', { words: ['AND', 'OR', 'NOT', 'NEAR(a', 'b)'] }],
  ['" - * "" — 👍', {}],
  ["'; DROP TABLE messages; --", { words: ['DROP', 'TABLE', 'messages;'] }],
  ['a\0b', { words: ['a\0b'] }],
])('parseSearchTerms() reads %j', (query, expected) => {
  expect(parseSearchTerms(query)).toEqual({ ...NOTHING, ...expected })
})

it('parseSearchTerms() ignores words beyond the first 16, also within a phrase', () => {
  const words = Array.from({ length: 20 }, (_, index) => `w${index}`)
  expect(parseSearchTerms(words.join(' ')).words).toEqual(words.slice(0, 16))
  expect(parseSearchTerms(`"${words.join(' ')}" more -less`)).toEqual({
    ...NOTHING,
    phrases: [words.slice(0, 16).join(' ')],
  })
  expect(parseSearchTerms('一二三四五六七八九十一二三四五六七八*').words).toEqual([
    '一二三四五六七八九十一二三四五六',
  ])
  expect(parseSearchTerms(`${words.slice(0, 15).join(' ')} ½ more`).words).toHaveLength(15)
})

it('parseSearchTerms() makes a valid search of every text', () => {
  const unit = fc.oneof(
    fc.constantFrom(
      '"',
      '-',
      '*',
      ' ',
      '\0',
      'a',
      'é',
      '東',
      '½',
      'ﷺ',
      "'",
      '(',
      ':',
      '^',
      '+',
      'AND',
      'NEAR',
      '{',
      '\\',
    ),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }),
  )
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 60 }), (parts) => {
      const { required, excluded } = toSearchPatterns(parseSearchTerms(parts.join('')))
      const count = [...required, ...excluded].reduce((sum, { words }) => sum + words.length, 0)
      expect(count).toBeLessThanOrEqual(16)
    }),
    { numRuns: 1_000 },
  )
})
