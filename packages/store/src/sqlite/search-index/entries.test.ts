import fc from 'fast-check'
import { expect, it } from 'vitest'
import { toSearchPatterns } from '../../text/search-patterns.js'
import { PARTITION_SIZE, partitionKey, partitionOf, termsOf, toEntry, toExpression } from './entries.js'

const partitions = fc.nat({ max: partitionOf(2 ** 52) })

it('no partition has a key that another one begins with', () => {
  fc.assert(
    fc.property(partitions, partitions, fc.string({ maxLength: 3 }), (one, other, word) => {
      fc.pre(one !== other)
      expect(`${partitionKey(one)}${word}`.startsWith(partitionKey(other))).toBe(false)
    }),
    { numRuns: 1_000 },
  )
})

it('toEntry() and toExpression() put the key of the partition before each word', () => {
  expect(toEntry({ id: 5, content: 'Foo-bar, 東' })).toBe('10foo 10bar 10東 10…')
  expect(toEntry({ id: 40 * PARTITION_SIZE, content: 'foo' })).toBe('214foo')
  expect(toEntry({ id: 5, content: '👍' })).toBe('')
  const patterns = toSearchPatterns({ words: ['Foo-bar'], without: ['x', 'y z'], prefix: 'ba' })
  expect(toExpression(patterns, 0)).toBe('("10foo 10bar" AND "10ba" *) NOT ("10x" OR "10y 10z")')
  expect(toExpression(toSearchPatterns({ words: ['a'] }), 0)).toBe('"10a"')
})

it('a phrase of characters that are not separated is looked up by its pairs', () => {
  expect(termsOf('東京都 de 大、阪')).toEqual([
    ...'東京都',
    'de',
    ...'大阪',
    '…',
    '東京',
    '京都',
    '…',
    '大阪',
  ])
  const expressionOf = (text: string) => toExpression(toSearchPatterns({ words: [text] }), 0)
  expect(expressionOf('東京都')).toBe('"10東京 10京都"')
  expect(expressionOf('東')).toBe('"10東"')
  expect(expressionOf('東-de')).toBe('"10東 10de"')
  expect(toExpression(toSearchPatterns({ prefix: '東京' }), 0)).toBe('"10東京"')
})
