import BetterSqlite3 from 'better-sqlite3'
import { expect, it, vi } from 'vitest'
import { retryWhileBusy } from './retry-while-busy.js'

const busy = new BetterSqlite3.SqliteError('database is locked', 'SQLITE_BUSY')

it('tries again until the lock is free', async () => {
  const work = vi
    .fn(async () => 'done')
    .mockRejectedValueOnce(busy)
    .mockRejectedValueOnce(busy)
  expect(await retryWhileBusy(work, 5_000)).toBe('done')
  expect(work).toHaveBeenCalledTimes(3)
})

it('gives up with the last error when its patience ends', async () => {
  await expect(retryWhileBusy(() => Promise.reject(busy), 20)).rejects.toBe(busy)
})

it('does not repeat what failed for another reason', async () => {
  const work = vi.fn(() => Promise.reject(new Error('broken')))
  await expect(retryWhileBusy(work, 5_000)).rejects.toThrow('broken')
  expect(work).toHaveBeenCalledOnce()
})
