import { GitSyncError } from '@gitmsg/git-sync'
import { describe, expect, it } from 'vitest'
import { backoffDelay } from './backoff.js'

const almostOne = () => 1 - Number.EPSILON
const unavailable = new GitSyncError('unavailable', 'down')
const stale = new GitSyncError('stale-head', 'moved')

describe('the pause after a failure', () => {
  it('doubles with each failure, up to a minute', () => {
    const pauses = [1, 2, 3, 20].map((failures) => backoffDelay(unavailable, failures, almostOne))
    expect(pauses).toEqual([1_000, 2_000, 4_000, 60_000])
  })

  it('is spread over the whole time, so that many servers do not come back together', () => {
    expect(backoffDelay(unavailable, 3, () => 0.25)).toBe(1_000)
  })

  it('is as long as the remote said', () => {
    const limited = new GitSyncError('rate-limited', 'slow down', { retryAfter: 123_456 })
    expect(backoffDelay(limited, 1, almostOne)).toBe(123_456)
  })

  it('is never nothing where the remote wants one', () => {
    const limited = new GitSyncError('rate-limited', 'slow down', { retryAfter: 0 })
    expect(backoffDelay(limited, 1, almostOne)).toBeGreaterThan(0)
  })

  it('is left out for a lost race, unless it is lost again and again', () => {
    expect([1, 2, 3].map((failures) => backoffDelay(stale, failures, almostOne))).toEqual([0, 0, 0])
    expect(backoffDelay(stale, 4, almostOne)).toBeGreaterThan(0)
  })
})
