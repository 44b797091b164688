import { expect, it } from 'vitest'
import { linkTarget } from './link-header.js'

it('finds the next page', () => {
  expect(linkTarget('</messages?limit=2&before=7>; rel="next"', 'next')).toBe('/messages?limit=2&before=7')
})

it('finds one link among several, whatever the order of parameters', () => {
  const header = '</a>; rel="prev", </b?x=1,2>; title="one, two"; rel=next'
  expect(linkTarget(header, 'next')).toBe('/b?x=1,2')
  expect(linkTarget(header, 'prev')).toBe('/a')
})

it('reads several relations of one link, in any case', () => {
  expect(linkTarget('</a>; REL="Last NEXT"', 'next')).toBe('/a')
})

it('answers null without a header, a relation or a match', () => {
  expect(linkTarget(null, 'next')).toBeNull()
  expect(linkTarget('</a>', 'next')).toBeNull()
  expect(linkTarget('</a>; rel="prev"', 'next')).toBeNull()
})
