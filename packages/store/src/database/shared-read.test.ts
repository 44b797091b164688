import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createSharedRead } from './shared-read.js'

/** A shared read of which each read ends when it is told to. */
function openSharedRead() {
  const reads: { resolve: (value: string) => void; reject: (error: Error) => void }[] = []
  const read = createSharedRead<string>(
    () => new Promise((resolve, reject) => void reads.push({ resolve, reject })),
  )
  return { reads, read }
}

/** What a promise that is resolved already sets off has happened. */
const begun = () => setImmediate()

it('calls of one moment share a read', async () => {
  const { reads, read } = openSharedRead()
  const calls = [read(), read()]
  await begun()
  expect(reads).toHaveLength(1)
  reads[0]?.resolve('a')
  expect(await Promise.all(calls)).toEqual(['a', 'a'])
})

it('calls that come during a read share the next one', async () => {
  const { reads, read } = openSharedRead()
  const first = read()
  await begun()
  const later = [read(), read(), read()]
  expect(reads).toHaveLength(1)
  reads[0]?.resolve('old')
  expect(await first).toBe('old')
  await begun()
  expect(reads).toHaveLength(2)

  const last = read()
  reads[1]?.resolve('new')
  expect(await Promise.all(later)).toEqual(['new', 'new', 'new'])
  await begun()
  reads[2]?.resolve('newest')
  expect(await last).toBe('newest')
  expect(reads).toHaveLength(3)
})

it('a call after a read begins another one', async () => {
  const { reads, read } = openSharedRead()
  const first = read()
  await begun()
  reads[0]?.resolve('a')
  expect(await first).toBe('a')
  const second = read()
  await begun()
  reads[1]?.resolve('b')
  expect(await second).toBe('b')
})

it('calls that wait for a read that fails fail with it, and later ones do not', async () => {
  const { reads, read } = openSharedRead()
  const first = read()
  await begun()
  const calls = [first, read(), read()]
  reads[0]?.reject(new Error('away'))
  const outcomes = await Promise.allSettled(calls)
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  expect(reads).toHaveLength(1)
  const later = read()
  await begun()
  reads[1]?.resolve('back')
  expect(await later).toBe('back')
})
