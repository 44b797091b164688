import type { Timers } from '../index.js'

/** A clock that moves only when a test says. */
export function createManualTimers() {
  let time = 1_000_000
  let waiting: { readonly at: number; readonly callback: () => void }[] = []
  const timers: Timers = {
    now: () => time,
    setTimeout(callback, delayMs) {
      const timer = { at: time + delayMs, callback }
      waiting.push(timer)
      return timer
    },
    clearTimeout(handle) {
      waiting = waiting.filter((timer) => timer !== handle)
    },
  }
  return {
    timers,
    /** How many timers run. */
    count: () => waiting.length,
    /** Moves the clock, and calls back what is due on the way. */
    pass(ms: number) {
      const end = time + ms
      for (;;) {
        const [next] = waiting.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)
        if (!next) break
        time = Math.max(time, next.at)
        timers.clearTimeout(next)
        next.callback()
      }
      time = end
    },
  }
}
