import { setTimeout as pause } from 'node:timers/promises'

export { pause }

/**
 * Asks until there is an answer that is not `undefined`, `null` or `false`.
 *
 * @returns the answer, or `null` when there was none within so many milliseconds
 */
export async function until<Answer>(
  ask: () => Answer | undefined | null | false | Promise<Answer | undefined | null | false>,
  milliseconds: number,
): Promise<Answer | null> {
  const end = performance.now() + milliseconds
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== null && answer !== false) return answer
    if (performance.now() >= end) return null
    await pause(20)
  }
}

/** How many seconds the work took, to a hundredth, with what it resolved with. */
export async function timed<Result>(
  work: () => Promise<Result>,
): Promise<{ seconds: number; result: Result }> {
  const start = performance.now()
  const result = await work()
  return { seconds: Math.round((performance.now() - start) / 10) / 100, result }
}
