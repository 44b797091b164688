import { expect, it } from 'vitest'
import { AccountsError } from '../index.js'
import { expectError } from '../testing/accounts-fixture.js'
import { createWriteQueue } from './write-queue.js'

it('a queue runs one write at a time, in their order, also after one that failed', async () => {
  const enqueue = createWriteQueue(60_000)
  const steps: string[] = []
  const write = (name: string) =>
    enqueue(async () => {
      steps.push(`${name} begins`)
      await new Promise((resolve) => setImmediate(resolve))
      steps.push(`${name} ends`)
      if (name === 'a') throw new Error('failed')
    })
  await Promise.allSettled(['a', 'b', 'c'].map(write))
  expect(steps).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
})

it('a write that waits behind one that found the database away fails with it, a later one does not', async () => {
  const enqueue = createWriteQueue(60_000)
  const first = enqueue(() => Promise.reject(new AccountsError('unavailable', 'away')))
  const second = enqueue(async () => 'written')
  await expectError(first, 'unavailable')
  await expectError(second, 'unavailable')
  expect(await enqueue(async () => 'written')).toBe('written')
})

it('a write whose turn comes too late fails with "busy"', async () => {
  const enqueue = createWriteQueue(5)
  const first = enqueue(() => new Promise((resolve) => setTimeout(resolve, 50)))
  await expectError(
    enqueue(async () => 'written'),
    'busy',
  )
  await first
})
