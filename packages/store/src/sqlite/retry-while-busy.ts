import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { StoreError } from '../store-error.js'
import { isBusy } from './translate-error.js'

const shortestPause = 2
const longestPause = 100

/**
 * Runs `work` again while it fails because another connection holds a lock, for `patience` milliseconds, or until
 * the signal aborts. Nothing is held while it pauses, so the event loop and other queries go on. `work` must be safe
 * to repeat.
 */
export async function retryWhileBusy<Result>(
  work: () => Promise<Result>,
  patience: number,
  signal?: AbortSignal,
): Promise<Result> {
  const deadline = performance.now() + patience
  for (let pause = shortestPause; ; pause = Math.min(pause * 2, longestPause)) {
    if (signal?.aborted) throw new StoreError('aborted', 'the call was ended by its signal')
    try {
      return await work()
    } catch (error) {
      if (!isBusy(error) || performance.now() >= deadline) throw error
    }
    await sleep(pause * (0.5 + Math.random() / 2))
  }
}
