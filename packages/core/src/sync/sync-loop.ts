import { GitSyncError } from '@gitmsg/git-sync'
import type { Clock, SyncLock } from '@gitmsg/store'
import type { Logger } from '../logger.js'
import type { DispatchOutcome } from './dispatcher.js'
import {
  type AttemptOutcome,
  outcomeOf,
  type ProgressTracker,
  type SyncEvent,
  type SyncProgress,
} from './progress.js'
import { createWaiters, createWakeFlag } from './waiters.js'

/** What the loop does, one after the other. */
export interface SyncSteps {
  readonly importOnce: (signal: AbortSignal) => Promise<unknown>
  readonly dispatchOnce: (signal: AbortSignal) => Promise<DispatchOutcome>
}

export interface SyncLoopDependencies {
  /** Acquires the right to synchronize, of which there is one per database; `null` while another process has it. */
  readonly acquireLock: () => Promise<SyncLock | null>
  /** Creates the steps of the holder of a lock. */
  readonly createSteps: (lock: SyncLock) => SyncSteps
  /** `created_at` of the oldest pending message. */
  readonly oldestPendingAt: () => Promise<string | null>
  readonly tracker: ProgressTracker
  readonly clock: Clock
  /** Milliseconds that never go back, whatever the clock does. */
  readonly monotonic: () => number
  /** A number from 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number
  /** Milliseconds between reads of a quiet branch; Infinity: never. */
  readonly fetchInterval: number
  readonly onEvent: (event: SyncEvent) => void
  readonly logger: Logger
}

export interface SyncLoop {
  /** Announces that messages were posted. Default: one. */
  wake(messages?: number): void
  /** Imports and dispatches now; when that is done or has failed, resolves with the progress of that moment. */
  request(): Promise<SyncProgress>
  /** Aborts the step under way; resolves when the loop has ended. */
  stop(): Promise<void>
}

/** The right to synchronize, and what may be done as long as it is held. */
interface Turn extends SyncSteps {
  readonly lock: SyncLock
  /** Ends a step, because the loop stops or the lock is lost. */
  readonly signal: AbortSignal
}

/** How often to look for what another process posted, or whether it gave up the lock. */
const POLL_MS = 1_000
/**
 * Under steady traffic the dispatcher pauses, longer the more is posted while it works: three times as long as it
 * worked if that was 12 messages or more, but never over half a second. Posts then get most of the machine, and
 * batches grow. A single message is dispatched at once.
 */
const PAUSE_FACTOR_PER_POST = 1 / 4
const MAX_PAUSE_FACTOR = 3
const MAX_PAUSE_MS = 500

const BASE_BACKOFF_MS = 500
const MAX_BACKOFF_MS = 60_000
/** Losing a race for the branch is normal: up to this many times in a row it is retried at once. */
const FREE_RETRIES_OF_A_LOST_RACE = 3

/**
 * Starts the loop. It only decides when. Its steps never overlap, across processes either: the writes of a step whose
 * lock was lost are rejected.
 */
export function startSyncLoop(deps: SyncLoopDependencies): SyncLoop {
  const { tracker, logger } = deps
  const stopping = new AbortController()
  /** Raised by posts and requests: there is something to do. */
  const attention = createWakeFlag()
  /** Raised by requests and by stopping: ends pauses and backoff. */
  const urgent = createWakeFlag()
  const waiters = createWaiters<SyncProgress>()
  let mustImport = true // also settles what a crash left half done
  let importedAt = Number.NEGATIVE_INFINITY
  let failures = 0
  let posts = 0
  let attemptedAt = 0
  const ended = run()

  return { wake, request, stop }

  function wake(messages = 1): void {
    posts += messages
    attention.raise()
  }

  async function request(): Promise<SyncProgress> {
    if (stopping.signal.aborted) return tracker.current
    mustImport = true
    const released = waiters.wait(new Date(deps.clock()).toISOString())
    attention.raise()
    urgent.raise()
    return released
  }

  async function stop(): Promise<void> {
    stopping.abort()
    attention.raise()
    urgent.raise()
    await ended
  }

  async function run(): Promise<void> {
    let turn: Turn | null = null
    while (!stopping.signal.aborted) {
      try {
        turn ??= await takeTurn()
        if (turn) await step(turn)
        else await standBy()
      } catch (error) {
        if (!turn?.lock.lost.aborted) await backOff(error)
      }
      if (turn?.lock.lost.aborted) {
        logger.warn({}, 'sync lock lost: another process may synchronize now')
        await turn.lock.release()
        turn = null
        mustImport = true
      }
    }
    await turn?.lock.release()
    waiters.release(tracker.current)
  }

  async function takeTurn(): Promise<Turn | null> {
    const lock = await deps.acquireLock()
    if (!lock) return null
    return { ...deps.createSteps(lock), lock, signal: AbortSignal.any([stopping.signal, lock.lost]) }
  }

  async function step({ importOnce, dispatchOnce, signal }: Turn): Promise<void> {
    urgent.clear()
    attemptedAt = deps.monotonic()
    const isImporting = mustImport || deps.monotonic() - importedAt >= deps.fetchInterval
    if (isImporting) {
      mustImport = false
      tracker.syncing()
      await importOnce(signal)
      importedAt = deps.monotonic()
    }
    const startedAt = deps.monotonic()
    posts = 0
    const outcome = await dispatchOnce(signal)
    failures = 0
    if (isImporting || outcome !== 'idle') reportAttempt('ok')
    if (outcome === 'idle' && !mustImport) {
      tracker.idle()
      waiters.release(tracker.current)
      await attention.wait(POLL_MS)
    } else if (waiters.any && !mustImport) {
      // Under a load that never pauses, callers wait only for what was posted before they called.
      const oldest = await deps.oldestPendingAt()
      if (oldest !== null) waiters.release(tracker.current, oldest)
    } else if (outcome === 'dispatched') {
      const factor = Math.min(MAX_PAUSE_FACTOR, posts * PAUSE_FACTOR_PER_POST)
      await urgent.wait(Math.min(MAX_PAUSE_MS, factor * (deps.monotonic() - startedAt)))
    }
  }

  /** Another process synchronizes this database, and will see what is posted here: no need to wake for posts. */
  async function standBy(): Promise<void> {
    tracker.idle()
    waiters.release(tracker.current)
    await urgent.wait(POLL_MS)
  }

  async function backOff(error: unknown): Promise<void> {
    if (stopping.signal.aborted) return
    reportAttempt(outcomeOf(error))
    failures += 1
    mustImport = true // what is known of the branch may be wrong now: read before writing
    const delayMs = backoffDelay(error, failures, deps.random)
    if (delayMs === 0) return
    tracker.failed(error, delayMs)
    const isRateLimited = error instanceof GitSyncError && error.retryAfter !== undefined
    const fields = { ...tracker.current.last_error, failures, retry_in_ms: delayMs }
    if (isRateLimited) logger.info(fields, 'synchronization paused: rate limited')
    else logger.warn(fields, 'synchronization failed')
    waiters.release(tracker.current)
    const until = deps.monotonic() + delayMs
    while (!stopping.signal.aborted && deps.monotonic() < until) {
      const isRequested = await urgent.wait(until - deps.monotonic())
      if (isRequested && !isRateLimited) return
      waiters.release(tracker.current)
    }
  }

  function reportAttempt(outcome: AttemptOutcome): void {
    deps.onEvent({ type: 'attempt', outcome, milliseconds: deps.monotonic() - attemptedAt })
  }
}

/**
 * How many milliseconds to wait after `failures` failures in a row (1: the first).
 *
 * Full jitter, so that many servers on one remote do not come back together. If the remote said when to come back,
 * that is obeyed.
 *
 * @param random a number from 0 (inclusive) to 1 (exclusive)
 */
export function backoffDelay(error: unknown, failures: number, random: () => number): number {
  if (error instanceof GitSyncError) {
    if (error.retryAfter !== undefined) return Math.max(BASE_BACKOFF_MS, error.retryAfter)
    if (error.code === 'stale-head' && failures <= FREE_RETRIES_OF_A_LOST_RACE) return 0
  }
  return Math.round(random() * Math.min(MAX_BACKOFF_MS, BASE_BACKOFF_MS * 2 ** failures))
}
