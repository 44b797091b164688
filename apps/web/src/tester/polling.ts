import type { Purpose } from '../api/exchange.js'

const MIN_BACKOFF_MS = 1000
const MAX_BACKOFF_MS = 15_000
const PENDING_INTERVAL_MS = 1000
const IDLE_INTERVAL_MS = 2000
const HIDDEN_INTERVAL_MS = 10_000

/** The outcome of one poll. */
export interface PollResult {
  /** Why the poll failed, as a phrase; `null` if it did not. */
  readonly problem: string | null
  /** Whether messages are on their way to the repository. */
  readonly pending: boolean
}

/** Polls the server once. Resolves early, with any result, when `signal` aborts. */
export type Poll = (purpose: Purpose, signal: AbortSignal) => Promise<PollResult>

/** Polls the server for as long as the page is open; polls never overlap. */
export interface Polling {
  /** Polls now. A poll in flight is aborted: its response may be older than the reason for this one. */
  pollNow(purpose: Purpose): void
}

/** `onResult` is called after each poll that was not aborted; `nextPollAt` is when the next one will be. */
export function createPolling(poll: Poll, onResult: (result: PollResult, nextPollAt: Date) => void): Polling {
  let controller = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  let failures = 0

  async function run(purpose: Purpose): Promise<void> {
    controller.abort()
    clearTimeout(timer)
    controller = new AbortController()
    const { signal } = controller
    const result = await poll(purpose, signal)
    if (signal.aborted) return
    failures = result.problem === null ? 0 : failures + 1
    const delayMs = nextDelayMs({ failures, pending: result.pending, visible: !document.hidden })
    timer = setTimeout(run, delayMs, 'polling')
    onResult(result, new Date(Date.now() + delayMs))
  }

  function pollNow(purpose: Purpose): void {
    void run(purpose)
  }

  function pollWhenVisible(): void {
    if (!document.hidden) pollNow('polling')
  }

  document.addEventListener('visibilitychange', pollWhenVisible)

  return { pollNow }
}

interface DelayInput {
  /** Failed polls in a row. */
  readonly failures: number
  readonly pending: boolean
  /** Whether the page is in the foreground. */
  readonly visible: boolean
}

/** Milliseconds until the next poll: short while the page is visible, backing off while polls fail. */
export function nextDelayMs({ failures, pending, visible }: DelayInput): number {
  if (failures > 0) return Math.min(MIN_BACKOFF_MS * 2 ** (failures - 1), MAX_BACKOFF_MS)
  if (!visible) return HIDDEN_INTERVAL_MS
  return pending ? PENDING_INTERVAL_MS : IDLE_INTERVAL_MS
}
