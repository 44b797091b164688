/** Callers that wait until what was pending when they called is done or has failed. */
export interface Waiters<Outcome> {
  /** Resolves when released; `at` is the time of the call, RFC 3339. */
  wait(at: string): Promise<Outcome>
  readonly any: boolean
  /** Releases those that called before `time`, with this outcome; without a time, all. */
  release(outcome: Outcome, time?: string): void
}

export function createWaiters<Outcome>(): Waiters<Outcome> {
  let waiting: { at: string; resolve: (outcome: Outcome) => void }[] = []
  return {
    wait: (at) => new Promise((resolve) => waiting.push({ at, resolve })),
    get any() {
      return waiting.length > 0
    },
    release(outcome, time) {
      const released = waiting.filter(({ at }) => time === undefined || at < time)
      waiting = waiting.filter((waiter) => !released.includes(waiter))
      for (const { resolve } of released) resolve(outcome)
    },
  }
}

/** A flag to wait for. Raised while nothing waits, it stays up for the next wait. */
export interface WakeFlag {
  raise(): void
  clear(): void
  /** Resolves with true once raised, with false after `milliseconds`; lowers the flag. */
  wait(milliseconds: number): Promise<boolean>
}

export function createWakeFlag(): WakeFlag {
  let raised = false
  let notify = () => {}

  return {
    raise() {
      raised = true
      notify()
    },

    clear() {
      raised = false
    },

    async wait(milliseconds) {
      if (!raised) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds)
          notify = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      const wasRaised = raised
      raised = false
      return wasRaised
    },
  }
}
