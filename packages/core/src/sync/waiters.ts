/** People who asked to synchronize now, and wait until that has settled or failed. */
export interface Requests {
  /** Resolves when the loop answers; `at` is when it was asked, as an RFC 3339 time. */
  ask(at: string): Promise<void>
  readonly waiting: boolean
  /** Answers those who asked before `time`; without a time, all. */
  answer(time?: string): void
}

export function createRequests(): Requests {
  let requests: { at: string; resolve: () => void }[] = []
  return {
    ask: (at) => new Promise((resolve) => requests.push({ at, resolve })),
    get waiting() {
      return requests.length > 0
    },
    answer(time) {
      const answered = requests.filter(({ at }) => time === undefined || at < time)
      requests = requests.filter((request) => !answered.includes(request))
      for (const { resolve } of answered) resolve()
    },
  }
}
