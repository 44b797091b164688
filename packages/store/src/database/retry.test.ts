import { expect, it, vi } from 'vitest'
import { isBusy, StoreError } from '../store-error.js'
import { retry } from './retry.js'

const BUSY = new StoreError('busy', 'busy')
const OPTIONS = { isRetryable: isBusy, timeoutMs: 5_000 }

it('retry() repeats the work while its failure passes', async () => {
  const work = vi
    .fn(async () => 'done')
    .mockRejectedValueOnce(BUSY)
    .mockRejectedValueOnce(BUSY)
  expect(await retry(work, OPTIONS)).toBe('done')
  expect(work).toHaveBeenCalledTimes(3)
})

it('retry() rejects with the last error after its timeout', async () => {
  await expect(retry(() => Promise.reject(BUSY), { ...OPTIONS, timeoutMs: 20 })).rejects.toBe(BUSY)
})

it('retry() does not repeat work that failed for another reason', async () => {
  const work = vi.fn(() => Promise.reject(new Error('broken')))
  await expect(retry(work, OPTIONS)).rejects.toThrow('broken')
  expect(work).toHaveBeenCalledOnce()
})

it('retry() rejects with aborted when its signal aborts during a pause', async () => {
  const controller = new AbortController()
  const work = vi.fn(async () => {
    controller.abort()
    throw BUSY
  })
  const waiting = retry(work, { ...OPTIONS, signal: controller.signal })
  await expect(waiting).rejects.toMatchObject({ name: 'StoreError', code: 'aborted' })
  expect(work).toHaveBeenCalledOnce()
})
