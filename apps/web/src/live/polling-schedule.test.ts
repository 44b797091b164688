import { expect, it } from 'vitest'
import { nextDelay } from './polling-schedule.js'

it('looks every second while something is pending', () => {
  expect(nextDelay({ failures: 0, pending: true, visible: true })).toBe(1000)
})

it('looks less often when all is still', () => {
  expect(nextDelay({ failures: 0, pending: false, visible: true })).toBe(2000)
})

it('looks seldom when nobody watches', () => {
  expect(nextDelay({ failures: 0, pending: true, visible: false })).toBe(10_000)
})

it('waits longer after each failure, up to a limit', () => {
  const delays = [1, 2, 3, 4, 5, 60].map((failures) => nextDelay({ failures, pending: true, visible: true }))
  expect(delays).toEqual([1000, 2000, 4000, 8000, 15_000, 15_000])
})
