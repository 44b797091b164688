import { expect, it } from 'vitest'
import { createAttemptKeys } from './attempt-key.js'

const numbered = () => {
  let count = 0
  return createAttemptKeys(() => `key ${++count}`)
}

it('keeps the key when the same draft is tried again', () => {
  const keys = numbered()
  expect(keys.keyFor('hello', 'ada')).toBe(keys.keyFor('hello', 'ada'))
})

it('gives an edited draft a new key', () => {
  const keys = numbered()
  expect(keys.keyFor('hello', 'ada')).not.toBe(keys.keyFor('hello!', 'ada'))
})

it('gives the same words a new key once they were accepted', () => {
  const keys = numbered()
  const first = keys.keyFor('hello', 'ada')
  keys.accepted()
  expect(keys.keyFor('hello', 'ada')).not.toBe(first)
})

it('makes keys of 32 hexadecimal digits', () => {
  expect(createAttemptKeys().keyFor('hello', 'ada')).toMatch(/^[0-9a-f]{32}$/)
})
