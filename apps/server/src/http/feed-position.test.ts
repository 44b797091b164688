import { expect, it } from 'vitest'
import { parsePosition, toPositionText } from './feed-position.js'

it('parsePosition() reads what toPositionText() writes', () => {
  for (const position of [0, 1, 999_999_999_999_999]) {
    const place = { epoch: '5f2b7c1e3d2a4a55', position }
    expect(parsePosition(toPositionText(place))).toEqual(place)
  }
})

it.each([
  '',
  ':',
  '1',
  'a',
  'a:',
  ':1',
  'a:01',
  'a:-1',
  'a:1.5',
  'a:1e3',
  ' a:1',
  'a:1 ',
  'a b:1',
  'a:b:1',
  `${'a'.repeat(65)}:1`,
  'a:1000000000000000',
  'é:1',
  'a:١',
])('parsePosition() rejects anything else: %s', (text) => {
  expect(() => parsePosition(text)).toThrow('after must be a position')
})
