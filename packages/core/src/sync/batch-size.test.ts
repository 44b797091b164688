import { createMemoryBackend, GitSyncError } from '@gitmsg/git-sync'
import { createMemoryRepository } from '@gitmsg/git-sync/memory'
import { describe, expect, it } from 'vitest'
import { createBatchSize } from './batch-size.js'

const LIMITS = { commits: 2_000, filesPerCommit: 10, bytes: 1_000 }
const backend = {
  info: { ...createMemoryBackend({ repository: createMemoryRepository() }).info, limits: LIMITS },
}
const timeout = new GitSyncError('unavailable', 'git produced no output')

describe('createBatchSize()', () => {
  it('halves after each slow failure, down to one commit, and doubles after each success, up to the limit', () => {
    const size = createBatchSize(backend)
    expect(size.limits()).toEqual(LIMITS)
    size.failed(timeout, { changes: 95, milliseconds: 60_000 })
    expect(size.limits()).toEqual({ ...LIMITS, commits: 5 })
    for (const changes of [50, 20, 10, 10]) size.failed(timeout, { changes, milliseconds: 60_000 })
    expect(size.limits().commits).toBe(1)
    for (let success = 1; success <= 20; success += 1) size.succeeded()
    expect(size.limits()).toEqual(LIMITS)
  })

  it('halves what was rejected together, but not one by one', () => {
    const size = createBatchSize(backend)
    size.tooMuch(100)
    expect(size.limits()).toEqual({ ...LIMITS, commits: 5 })
  })

  it('is at most 2,000 commits after a lost race for the branch, until one is won', () => {
    const limits = { ...LIMITS, commits: 4_000 }
    const size = createBatchSize({ info: { ...backend.info, limits } })
    size.failed(new GitSyncError('stale-head', 'x'), { changes: 4_000, milliseconds: 4_000 })
    expect(size.limits().commits).toBe(2_000)
    size.succeeded()
    expect(size.limits().commits).toBe(4_000)
  })

  it("has the backend's limits of the moment", () => {
    const limits = { ...LIMITS }
    const size = createBatchSize({ info: { ...backend.info, limits } })
    limits.filesPerCommit = 5
    expect(size.limits()).toEqual({ ...LIMITS, filesPerCommit: 5 })
  })

  it.each([
    ['fast', timeout, 9_000],
    ['about something else', new GitSyncError('stale-head', 'x'), 60_000],
    ['a bug', new TypeError('x'), 60_000],
  ])('stays after a failure that is %s', (_, error, milliseconds) => {
    const size = createBatchSize(backend)
    size.failed(error, { changes: 100, milliseconds })
    expect(size.limits()).toEqual(LIMITS)
  })
})
