import { expect, it } from 'vitest'
import { messagePath } from './message-path.js'

const uid = '0193a5c2-7b1e-7000-8000-000000000000'

it.each([
  [1, '00/00/00'],
  [99, '00/00/00'],
  [100, '00/00/01'],
  [12_345, '00/01/23'],
  [99_999_999, '99/99/99'],
  [100_000_000, '100/00/00'],
])('the file of message %i lives in %s', (id, folders) => {
  expect(messagePath(id, uid)).toBe(`messages/${folders}/${uid}.json`)
})

// Covers IN-67, V5.3.2
it.each([
  [1, '../x'],
  [1, 'a/b'],
  [1, '.git'],
  [1, 'con'],
  [1, ''],
  [1, uid.toUpperCase()],
  [1, `${uid}\n`],
  [1, 'a'.repeat(256)],
  [0, uid],
  [-1, uid],
  [1.5, uid],
  [Number.NaN, uid],
  [2 ** 60, uid],
])('there is no path for message %s with the uid %j', (id, uid) => {
  expect(() => messagePath(id, uid)).toThrow(expect.objectContaining({ code: 'invalid-id' }))
})
