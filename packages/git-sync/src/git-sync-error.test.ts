import { describe, expect, it } from 'vitest'
import { GitSyncError, throwIfAborted } from './git-sync-error.js'

describe('GitSyncError', () => {
  it('carries its code, its cause and the time to wait', () => {
    const cause = new Error('cause')
    const error = new GitSyncError('rate-limited', 'too fast', { retryAfter: 1000, cause })
    expect(error).toMatchObject({ code: 'rate-limited', message: 'too fast', retryAfter: 1000, cause })
  })

  it('recognizes errors of another copy of the package, and no other errors', () => {
    const foreign = Object.assign(new Error('foreign'), { name: 'GitSyncError' })
    expect(foreign).toBeInstanceOf(GitSyncError)
    expect(new Error('other')).not.toBeInstanceOf(GitSyncError)
    expect({ name: 'GitSyncError' }).not.toBeInstanceOf(GitSyncError)
  })

  it.each([
    ['misconfigured', true],
    ['unauthorized', true],
    ['stale-head', false],
    ['unavailable', false],
  ] as const)('requiresIntervention of %s is %s', (code, requiresIntervention) => {
    expect(new GitSyncError(code, 'x').requiresIntervention).toBe(requiresIntervention)
  })
})

it('throwIfAborted() throws aborted only if the signal has aborted', () => {
  expect(() => throwIfAborted(undefined)).not.toThrow()
  expect(() => throwIfAborted(new AbortController().signal)).not.toThrow()
  expect(() => throwIfAborted(AbortSignal.abort())).toThrow(expect.objectContaining({ code: 'aborted' }))
})
