import { performance } from 'node:perf_hooks'
import { AccountsError } from '../accounts-error.js'
import { isConnectionLost } from './postgres-error.js'

/** Runs writes one after the other, which leaves the other connections to reads. */
export type WriteQueue = <Result>(work: (waitedMs: number) => Promise<Result>) => Promise<Result>

/**
 * Creates a queue. A write waits for `timeoutMs` at most; one that waits behind a write that found the database away
 * fails with it, so that no call takes the time of several.
 */
export function createWriteQueue(timeoutMs: number): WriteQueue {
  let last: Promise<unknown> = Promise.resolve()
  let loss: { readonly cause: unknown; readonly at: number } | undefined

  return function enqueue(work) {
    const askedAt = performance.now()
    const result = last.then(async () => {
      const waitedMs = performance.now() - askedAt
      if (loss && loss.at >= askedAt) {
        throw new AccountsError('unavailable', 'the database cannot be reached', { cause: loss.cause })
      }
      if (waitedMs > timeoutMs) {
        throw new AccountsError('busy', 'the database had no turn for this call in time')
      }
      try {
        return await work(waitedMs)
      } catch (error) {
        if (isConnectionLost(error)) loss = { cause: error, at: performance.now() }
        throw error
      }
    })
    last = result.catch(() => {})
    return result
  }
}
