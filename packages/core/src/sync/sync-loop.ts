import { GitSyncError } from '@gitmsg/git-sync'
import type { Clock, SyncLock } from '@gitmsg/store'
import type { Logger } from '../logger.js'
import { backoffDelay } from './backoff.js'
import type { DispatchOutcome } from './dispatcher.js'
import { createEvent } from './event.js'
import { createRequests } from './waiters.js'
import { type AttemptOutcome, outcomeOf, type SyncEvent } from './sync-event.js'
import type { SyncTracker } from './progress.js'

export interface SyncLoopDependencies {
  /** The right to synchronize, of which there is one per database; `null` while another process has it. */
  readonly acquireLock: () => SyncLock | null
  readonly importOnce: (signal: AbortSignal) => Promise<unknown>
  readonly dispatchOnce: (signal: AbortSignal) => Promise<DispatchOutcome>
  /** `created_at` of the oldest pending message. */
  readonly oldestPendingAt: () => Promise<string | null>
  readonly tracker: SyncTracker
  readonly clock: Clock
  /** Milliseconds that never go back, whatever the clock does. */
  readonly monotonic: () => number
  readonly random: () => number
  /** Milliseconds between looks at a quiet branch; Infinity: never. */
  readonly fetchInterval: number
  readonly onEvent: (event: SyncEvent) => void
  readonly logger: Logger
}

export interface SyncLoop {
  /** So many messages were posted: there is something to dispatch. Default: one. */
  wake(messages?: number): void
  /** Imports and dispatches now; resolves when that has settled or failed. */
  request(): Promise<void>
  /** Ends the step under way; resolves when the loop has ended. */
  stop(): Promise<void>
}

/** How often to look for what another process posted, or whether it gave up the lock; in milliseconds. */
const LOOK_AGAIN = 1_000
/**
 * Under steady traffic the dispatcher rests, the longer the more is posted while it works: three times as long as
 * it worked where that was 24 messages or more, but never over half a second. So posts have most of the machine,
 * and batches grow. A message that comes alone goes at once.
 */
const REST_PER_POST = 1 / 8
const MOST_REST = 3
const LONGEST_REST = 500

/** The loop only decides when; its steps never overlap, across processes too. */
export function startSyncLoop(deps: SyncLoopDependencies): SyncLoop {
  const { tracker, logger } = deps
  const stopping = new AbortController()
  const attention = createEvent()
  const urgent = createEvent()
  const requests = createRequests()
  let behind = true // also settles whatever a crash left half-done
  let importedAt = Number.NEGATIVE_INFINITY
  let failures = 0
  let posts = 0
  let attemptedAt = 0
  const ended = run()

  return {
    wake(messages = 1) {
      posts += messages
      attention.raise()
    },
    request() {
      if (stopping.signal.aborted) return Promise.resolve()
      behind = true
      const answered = requests.ask(new Date(deps.clock()).toISOString())
      attention.raise()
      urgent.raise()
      return answered
    },
    async stop() {
      stopping.abort()
      attention.raise()
      urgent.raise()
      await ended
    },
  }

  async function run(): Promise<void> {
    let lock: SyncLock | null = null
    while (!stopping.signal.aborted) {
      try {
        lock ??= deps.acquireLock()
        if (lock) await step()
        else await standBy()
      } catch (error) {
        await fail(error)
      }
    }
    lock?.release()
    requests.answer()
  }

  async function step(): Promise<void> {
    urgent.clear()
    attemptedAt = deps.monotonic()
    const isToImport = behind || deps.monotonic() - importedAt >= deps.fetchInterval
    if (isToImport) {
      behind = false
      tracker.syncing()
      await deps.importOnce(stopping.signal)
      importedAt = deps.monotonic()
    }
    const began = deps.monotonic()
    posts = 0
    const outcome = await deps.dispatchOnce(stopping.signal)
    failures = 0
    if (isToImport || outcome !== 'idle') report('ok')
    if (outcome === 'idle' && !behind) {
      tracker.idle()
      requests.answer()
      await attention.wait(LOOK_AGAIN)
    } else if (requests.waiting && !behind) {
      // Under a load that never pauses: who asked has what was posted before.
      const oldest = await deps.oldestPendingAt()
      if (oldest !== null) requests.answer(oldest)
    } else if (outcome === 'dispatched') {
      const rest = Math.min(MOST_REST, posts * REST_PER_POST) * (deps.monotonic() - began)
      await urgent.wait(Math.min(LONGEST_REST, rest))
    }
  }

  /** Another process synchronizes this database, and will see what is posted here: no need to wake for it. */
  async function standBy(): Promise<void> {
    tracker.idle()
    requests.answer()
    await urgent.wait(LOOK_AGAIN)
  }

  function report(outcome: AttemptOutcome): void {
    deps.onEvent({ type: 'attempt', outcome, milliseconds: deps.monotonic() - attemptedAt })
  }

  async function fail(error: unknown): Promise<void> {
    if (stopping.signal.aborted) return
    report(outcomeOf(error))
    failures += 1
    behind = true // what is known of the branch may be wrong now: read before writing
    const delay = backoffDelay(error, failures, deps.random)
    if (delay === 0) return
    tracker.failed(error, delay)
    const mustWait = error instanceof GitSyncError && error.retryAfter !== undefined
    const fields = { ...tracker.current.last_error, failures, retry_in_ms: delay }
    if (mustWait) logger.info(fields, 'synchronization waits, as it was told to')
    else logger.warn(fields, 'synchronization failed')
    requests.answer()
    const until = deps.monotonic() + delay
    while (!stopping.signal.aborted && deps.monotonic() < until) {
      const asked = await urgent.wait(until - deps.monotonic())
      if (asked && !mustWait) return
      requests.answer()
    }
  }
}
