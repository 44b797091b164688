import { expect, it } from 'vitest'
import { findMatches } from './find-matches.js'
import { type SearchTerms, toSearchPatterns } from './search-patterns.js'

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
