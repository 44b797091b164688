import { setTimeout as pause } from 'node:timers/promises'

export { pause }

const POLL_MS = 20

/**
 * Calls `read` until its result is not `undefined`, `null` or `false`.
 *
 * @returns the result, or `null` if there was none within `timeoutMs`
 */
export async function until<Result>(
  read: () => Result | undefined | null | false | Promise<Result | undefined | null | false>,
  timeoutMs: number,
): Promise<Result | null> {
  const end = performance.now() + timeoutMs
  for (;;) {
    const result = await read()
    if (result !== undefined && result !== null && result !== false) return result
    if (performance.now() >= end) return null
    await pause(POLL_MS)
  }
}

/** Resolves with the result of the work and the seconds it took, rounded to a hundredth. */
export async function timed<Result>(
  work: () => Promise<Result>,
): Promise<{ seconds: number; result: Result }> {
  const start = performance.now()
  const result = await work()
  return { seconds: Math.round((performance.now() - start) / 10) / 100, result }
}
