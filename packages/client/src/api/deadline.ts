import { ClientError } from '../client-error.js'
import type { Timers } from '../runtime.js'

/** The time that a call has. */
export interface Deadline {
  /** Aborts with a {@link ClientError}: `timed-out`, or `aborted` when the caller's signal did. */
  readonly signal: AbortSignal
  /** The milliseconds that are left. */
  remainingMs(): number
  /** Resolves or rejects as `work` does, and rejects when the time is up, whatever `work` does then. */
  race<Result>(work: Promise<Result>): Promise<Result>
  /** Resolves after a delay. */
  pause(delayMs: number): Promise<void>
  /** Must be called in the end. */
  stop(): void
}

/** Starts the time of a call. */
export function startDeadline(
  timers: Timers,
  timeoutMs: number,
  signal: AbortSignal | null | undefined,
): Deadline {
  const controller = new AbortController()
  const end = timers.now() + timeoutMs
  const onAbort = () =>
    controller.abort(new ClientError('aborted', 'The call was aborted.', { cause: signal?.reason }))
  const timer = timers.setTimeout(
    () => controller.abort(new ClientError('timed-out', `There was no response within ${timeoutMs} ms.`)),
    timeoutMs,
  )
  if (signal?.aborted) onAbort()
  signal?.addEventListener('abort', onAbort)
  const ended = new Promise<never>((_, reject) => {
    const fail = () => reject(controller.signal.reason)
    if (controller.signal.aborted) fail()
    else controller.signal.addEventListener('abort', fail)
  })
  ended.catch(() => {}) // it is only ever raced

  const race = <Result>(work: Promise<Result>) => Promise.race([ended, work])
  return {
    signal: controller.signal,
    remainingMs: () => end - timers.now(),
    race,
    async pause(delayMs) {
      let handle: unknown
      const over = new Promise<void>((resolve) => {
        handle = timers.setTimeout(resolve, delayMs)
      })
      await race(over).finally(() => timers.clearTimeout(handle))
    },
    stop() {
      timers.clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    },
  }
}
