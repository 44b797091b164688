import { expect, it } from 'vitest'
import { countMatches, findMatches, isMatch } from './find-matches.js'
import { type SearchTerms, toSearchPatterns } from './search-patterns.js'
import { wordsOf } from './words.js'

/** The parts of the text that match, in the order in which they are found. */
const found = (text: string, terms: SearchTerms) =>
  Array.from(findMatches(text, toSearchPatterns(terms).required), ({ start, end }) => text.slice(start, end))

it.each<[string, SearchTerms, string[]]>([
  ['one two ONE', { words: ['one'] }, ['one', 'ONE']],
  ['foo-bar foo bar, foo. Bar', { words: ['foo-bar'] }, ['foo-bar', 'foo bar', 'foo. Bar']],
  ['a a a', { phrases: ['a a'] }, ['a a', 'a a']],
  ['deploy deployed', { prefix: 'deplo' }, ['deploy', 'deployed']],
  ['Crème brûlée', { words: ['creme'], prefix: 'bru' }, ['Crème', 'brûlée']],
  ['今日の会議室', { words: ['会議'] }, ['会議']],
  ['one two', { words: ['two', 'one'] }, ['one', 'two']],
  ['one', { words: ['one two'] }, []],
  ['', { words: ['one'] }, []],
])('findMatches() finds in "%s" what matches %j', (text, terms, expected) => {
  expect(found(text, terms)).toEqual(expected)
})

it('findMatches() yields a match as soon as its last word is read', () => {
  const matches = findMatches('one two three', toSearchPatterns({ words: ['one', 'three'] }).required)
  expect(matches.next().value).toMatchObject({ start: 0, end: 3, pattern: { words: ['one'] } })
  expect(matches.return(undefined).done).toBe(true)
})

it.each<[string, SearchTerms, boolean]>([
  ['one two', { words: ['two', 'one'] }, true],
  ['one two', { words: ['two', 'three'] }, false],
  ['one two', { words: ['one'], without: ['two'] }, false],
  ['one two', { words: ['one'], without: ['two one'] }, true],
  ['one two', { phrases: ['two one'] }, false],
  ['one two', { words: ['one'], prefix: 'tw' }, true],
])('isMatch() of the words of "%s" and %j is %j', (text, terms, expected) => {
  expect(isMatch(wordsOf(text), toSearchPatterns(terms))).toBe(expected)
})

it('countMatches() counts places that overlap, up to a limit', () => {
  const [pattern] = toSearchPatterns({ phrases: ['a a'] }).required
  if (!pattern) throw new Error('no pattern')
  expect(countMatches(wordsOf('a a a b a'), pattern)).toBe(2)
  expect(countMatches(wordsOf('a a a a'), pattern, 1)).toBe(1)
})
