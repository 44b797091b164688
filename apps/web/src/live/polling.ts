import type { Purpose } from '../api/exchange.js'
import { nextDelay } from './polling-schedule.js'

/** What one look at the server came to. */
export interface Round {
  /** Why it failed, in words; `null` when it did not. */
  readonly problem: string | null
  readonly pending: boolean
}

interface PollingOptions {
  readonly look: (purpose: Purpose, signal: AbortSignal) => Promise<Round>
  /** `retryAt` is when the next look will be. */
  readonly onRound: (round: Round, retryAt: Date) => void
}

export interface Polling {
  /** Looks at once. A look under way is dropped: its answer may be older than what made us look. */
  now(purpose: Purpose): void
}

/** Looks at the server again and again, for as long as the page is open; looks never overlap. */
export function createPolling({ look, onRound }: PollingOptions): Polling {
  let controller = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  let failures = 0

  async function now(purpose: Purpose): Promise<void> {
    controller.abort()
    clearTimeout(timer)
    controller = new AbortController()
    const { signal } = controller
    const round = await look(purpose, signal)
    if (signal.aborted) return
    failures = round.problem === null ? 0 : failures + 1
    const delay = nextDelay({ failures, pending: round.pending, visible: !document.hidden })
    timer = setTimeout(now, delay, 'polling')
    onRound(round, new Date(Date.now() + delay))
  }

  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) void now('polling')
  })

  return { now: (purpose) => void now(purpose) }
}
