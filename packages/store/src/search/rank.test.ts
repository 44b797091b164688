import { expect, it } from 'vitest'
import { rank, weightOf } from './rank.js'

const match = (id: number, length: number, ...counts: number[]) => ({ id, length, counts })

it('rank() puts what has the words more often, or in less text, first', () => {
  expect(rank([match(1, 100, 1), match(2, 100, 3), match(3, 20, 1)], [1])).toEqual([2, 3, 1])
})

it('rank() puts the newer of two equal matches first', () => {
  expect(rank([match(1, 100, 2), match(2, 100, 2)], [1])).toEqual([2, 1])
})

it('rank() values a rare word more than a common one', () => {
  const weights = [weightOf(4_000, 4_096), weightOf(3, 4_096)]
  expect(rank([match(2, 100, 3, 1), match(1, 100, 1, 3)], weights)).toEqual([1, 2])
})

it('rank() counts a word once that only occurs beyond the text that was looked at', () => {
  expect(rank([match(1, 100, 0), match(2, 100, 1)], [1])).toEqual([2, 1])
})
