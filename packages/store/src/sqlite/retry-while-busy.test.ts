import BetterSqlite3 from 'better-sqlite3'
import { expect, it, vi } from 'vitest'
import { retryWhileBusy } from './retry-while-busy.js'

const BUSY = new BetterSqlite3.SqliteError('database is locked', 'SQLITE_BUSY')

it('retryWhileBusy() repeats the work until the lock is free', async () => {
  const work = vi
    .fn(async () => 'done')
    .mockRejectedValueOnce(BUSY)
    .mockRejectedValueOnce(BUSY)
  expect(await retryWhileBusy(work, 5_000)).toBe('done')
  expect(work).toHaveBeenCalledTimes(3)
})

it('retryWhileBusy() rejects with the last error after its timeout', async () => {
  await expect(retryWhileBusy(() => Promise.reject(BUSY), 20)).rejects.toBe(BUSY)
})

it('retryWhileBusy() does not repeat work that failed for another reason', async () => {
  const work = vi.fn(() => Promise.reject(new Error('broken')))
  await expect(retryWhileBusy(work, 5_000)).rejects.toThrow('broken')
  expect(work).toHaveBeenCalledOnce()
})

it('retryWhileBusy() rejects with aborted when its signal aborts during a pause', async () => {
  const controller = new AbortController()
  const work = vi.fn(async () => {
    controller.abort()
    throw BUSY
  })
  const waiting = retryWhileBusy(work, 5_000, controller.signal)
  await expect(waiting).rejects.toMatchObject({ name: 'StoreError', code: 'aborted' })
  expect(work).toHaveBeenCalledOnce()
})
