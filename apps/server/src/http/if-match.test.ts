import type { Context } from 'koa'
import { expect, it } from 'vitest'
import { problem } from './errors.js'
import { expectedVersionOf } from './if-match.js'

const contextOf = (header: string | undefined) => ({ req: { headers: { 'if-match': header } } }) as Context

it.each([
  [undefined, undefined],
  ['*', undefined],
  [' * ', undefined],
  ['"1"', 1],
  ['"999999999999999"', 999_999_999_999_999],
  ['"1000000000000000"', 0],
  ['"0"', 0],
  ['"01"', 0],
  ['"-1"', 0],
  ['"1.0"', 0],
  ['""', 0],
  ['"abc"', 0],
  ['"\u00e9"', 0],
  ['W/"1"', 0],
])('expectedVersionOf() compares a tag strongly with versions: %s is %s', (header, version) => {
  expect(expectedVersionOf(contextOf(header))).toBe(version)
})

it.each([
  '',
  '1',
  '"1',
  '1"',
  '"1" x',
  '"1", "2"',
  '*, "1"',
  'w/"1"',
  'W/1',
  '"a b"',
  '"a"b"',
  "'1'",
  '"\0"',
])('expectedVersionOf() rejects what is neither one tag nor an asterisk: %s', (header) => {
  expect(() => expectedVersionOf(contextOf(header))).toThrow(problem('invalid_precondition'))
})
