import { expect, it } from 'vitest'
import { relativeTime } from './relative-time.js'

const now = new Date('2025-06-15T12:00:00.000Z')

it.each([
  ['2025-06-15T12:00:00.400Z', 'now'],
  ['2025-06-15T11:59:59.000Z', 'now'],
  ['2025-06-15T11:59:48.000Z', '12 s ago'],
  ['2025-06-15T11:59:00.000Z', '1 min ago'],
  ['2025-06-15T11:00:01.000Z', '59 min ago'],
  ['2025-06-15T09:00:00.000Z', '3 h ago'],
  ['2025-06-13T12:00:00.000Z', '2 d ago'],
  ['2025-01-09T12:00:00.000Z', '9 Jan 2025'],
  ['2025-06-15T12:03:00.000Z', 'in 3 min'],
  ['2100-01-01T12:00:00.000Z', '1 Jan 2100'],
])('relativeTime() describes %s as: %s', (moment, text) => {
  expect(relativeTime(new Date(moment), now)).toBe(text)
})
