import { expect, it } from 'vitest'
import { readPage } from './read-page.js'

/** Numbers from 1 on, and what was asked of them: how many, after which, and in which turn of the event loop. */
function openNumbers(length: number, size = 32_768) {
  const asked: { wanted: number; last: number | undefined; turn: number }[] = []
  let turn = 0
  let counting = true
  const count = () => {
    turn += 1
    if (counting) setImmediate(count)
  }
  setImmediate(count)
  return {
    asked,
    sizeOf: () => size,
    async readPart(wanted: number, last = 0): Promise<number[]> {
      asked.push({ wanted, last: last || undefined, turn })
      return Array.from({ length: Math.min(wanted, length - last) }, (_, index) => last + index + 1)
    },
    [Symbol.dispose]() {
      counting = false
    },
  }
}

const upTo = (length: number) => Array.from({ length }, (_, index) => index + 1)

it('reads a page in parts, each in a turn of its own', async () => {
  using numbers = openNumbers(1000)
  expect(await readPage(25, numbers)).toEqual(upTo(25))
  expect(numbers.asked.map(({ wanted, last }) => [wanted, last])).toEqual([
    [10, undefined],
    [10, 10],
    [5, 20],
  ])
  expect(new Set(numbers.asked.map(({ turn }) => turn)).size).toBe(3)
})

it('reads more at a time where items are small', async () => {
  using numbers = openNumbers(1000, 100)
  expect(await readPage(100, numbers)).toEqual(upTo(100))
  expect(numbers.asked.map(({ wanted }) => wanted)).toEqual([10, 40, 40, 10])
})

it.each([
  [0, 50, 1],
  [7, 50, 1],
  [10, 50, 2],
  [12, 50, 2],
  [12, 12, 2],
  [10, 10, 1],
])('of %i reads a page of %i in %i parts', async (length, limit, parts) => {
  using numbers = openNumbers(length)
  expect(await readPage(limit, numbers)).toEqual(upTo(Math.min(length, limit)))
  expect(numbers.asked).toHaveLength(parts)
})
