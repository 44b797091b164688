import type { Purpose } from '../api/exchange.js'

const MIN_BACKOFF_MS = 1000
const MAX_BACKOFF_MS = 15_000
const INCOMPLETE_INTERVAL_MS = 250
const PENDING_INTERVAL_MS = 1000
const IDLE_INTERVAL_MS = 2000
const HIDDEN_INTERVAL_MS = 10_000

/** The outcome of one poll. */
export interface PollResult {
  /** Why the poll failed, as a phrase; `null` if it did not. */
  readonly problem: string | null
  /** Whether messages are on their way to the repository. */
  readonly pending: boolean
  /** Whether the page has changed meanwhile in a way that only another poll can show. */
  readonly isIncomplete: boolean
}

/** Polls the server once. Resolves early, with any result, when `signal` aborts. */
export type Poll = (purpose: Purpose, signal: AbortSignal) => Promise<PollResult>

/** Polls the server for as long as the page is open and does not listen; polls never overlap. */
export interface Polling {
  /** Polls now. A poll in flight is aborted: its response may be older than the reason for this one. */
  pollNow(purpose: Purpose): void
  /** Polls in a moment, although the page listens; for several calls once. */
  pollSoon(): void
  /** Stops polling until the next `pollNow`, and aborts a poll in flight. */
  pause(): void
  /** Stops polling because the page listens now. If the last poll did not succeed, there is one more. */
  rest(): void
}

interface PollingOptions {
  readonly poll: Poll
  /** Whether changes arrive by themselves, so that a successful poll needs no other. */
  readonly isListening: () => boolean
  /** Called after each poll that was not aborted; `nextPollAt` is when the next one will be, if any. */
  readonly onResult: (result: PollResult, nextPollAt: Date | null) => void
}

export function createPolling({ poll, isListening, onResult }: PollingOptions): Polling {
  let controller = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  let failures = 0
  let isIncomplete = false
  let isPaused = false

  async function run(purpose: Purpose): Promise<void> {
    controller.abort()
    clearTimeout(timer)
    controller = new AbortController()
    const { signal } = controller
    const result = await poll(purpose, signal)
    if (signal.aborted) return
    failures = result.problem === null ? 0 : failures + 1
    isIncomplete = result.isIncomplete
    const state = { failures, isIncomplete, pending: result.pending, visible: !document.hidden }
    const delayMs = nextDelayMs({ ...state, listening: isListening() })
    if (delayMs !== null) timer = setTimeout(run, delayMs, 'polling')
    onResult(result, delayMs === null ? null : new Date(Date.now() + delayMs))
  }

  function pollNow(purpose: Purpose): void {
    isPaused = false
    void run(purpose)
  }

  function pollWhenVisible(): void {
    if (!document.hidden && !isListening() && !isPaused) pollNow('polling')
  }

  document.addEventListener('visibilitychange', pollWhenVisible)

  return {
    pollNow,
    pause() {
      isPaused = true
      controller.abort()
      clearTimeout(timer)
    },
    pollSoon() {
      isIncomplete = true
      clearTimeout(timer)
      timer = setTimeout(run, INCOMPLETE_INTERVAL_MS, 'polling')
    },
    rest() {
      if (failures > 0 || isIncomplete) pollNow('polling')
      else clearTimeout(timer)
    },
  }
}

interface DelayInput {
  /** Failed polls in a row. */
  readonly failures: number
  readonly isIncomplete: boolean
  readonly pending: boolean
  /** Whether the page is in the foreground. */
  readonly visible: boolean
  readonly listening: boolean
}

/**
 * Milliseconds until the next poll: short while the page is visible, backing off while polls fail. `null` if there is
 * none, because the page listens.
 */
export function nextDelayMs({
  failures,
  isIncomplete,
  pending,
  visible,
  listening,
}: DelayInput): number | null {
  if (failures > 0) return Math.min(MIN_BACKOFF_MS * 2 ** (failures - 1), MAX_BACKOFF_MS)
  if (isIncomplete) return INCOMPLETE_INTERVAL_MS
  if (listening) return null
  if (!visible) return HIDDEN_INTERVAL_MS
  return pending ? PENDING_INTERVAL_MS : IDLE_INTERVAL_MS
}
