import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { isBusy, StoreError } from '../store-error.js'

const MIN_PAUSE_MS = 2
const MAX_PAUSE_MS = 100

/**
 * Repeats `work` while it fails because another connection holds a lock, for `timeoutMs` or until the signal aborts.
 * Nothing is locked during the pauses, so the event loop and other queries go on. `work` must be safe to repeat.
 *
 * @throws StoreError `aborted`; otherwise the last error of `work`
 */
export async function retryWhileBusy<Result>(
  work: () => Promise<Result>,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<Result> {
  const deadline = performance.now() + timeoutMs
  for (let pause = MIN_PAUSE_MS; ; pause = Math.min(pause * 2, MAX_PAUSE_MS)) {
    if (signal?.aborted) throw new StoreError('aborted', 'aborted by the signal')
    try {
      return await work()
    } catch (error) {
      if (!isBusy(error) || performance.now() >= deadline) throw error
    }
    await sleep(pause * (0.5 + Math.random() / 2))
  }
}
