import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { AccountsError } from '../accounts-error.js'

const MIN_PAUSE_MS = 2
const MAX_PAUSE_MS = 100

/** When work that failed is repeated. */
export interface RetryOptions {
  /** Whether the same work can succeed a little later. */
  readonly isRetryable: (error: unknown) => boolean
  readonly timeoutMs: number
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Repeats `work` while it fails with an error that passes. Nothing is held during the pauses, so the event loop and
 * other queries go on. `work` must be safe to repeat.
 *
 * @throws AccountsError `aborted`; otherwise the last error of `work`
 */
export async function retry<Result>(
  work: () => Promise<Result>,
  { isRetryable, timeoutMs, signal }: RetryOptions,
): Promise<Result> {
  const deadline = performance.now() + timeoutMs
  for (let pause = MIN_PAUSE_MS; ; pause = Math.min(pause * 2, MAX_PAUSE_MS)) {
    if (signal?.aborted) throw new AccountsError('aborted', 'aborted by the signal')
    try {
      return await work()
    } catch (error) {
      if (!isRetryable(error) || performance.now() >= deadline) throw error
    }
    await sleep(pause * (0.5 + Math.random() / 2))
  }
}
