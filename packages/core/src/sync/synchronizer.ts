import type { GitBackend } from '@gitmsg/git-sync'
import type { Clock, Store, SyncLock } from '@gitmsg/store'
import { type FormatVersion, LATEST_FORMAT } from '../format/format-file.js'
import { underLock } from '../history/with-sync-lock.js'
import { assertKnownOptions } from '../known-options.js'
import { type Logger, silentLogger } from '../logger.js'
import { createDispatcher } from './dispatcher.js'
import { createImporter } from './importer.js'
import { createProgressTracker, type SyncEvent } from './progress.js'
import { readSyncStatus, type SyncStatus } from './status.js'
import { type SyncSteps, startSyncLoop } from './sync-loop.js'

/** Options of {@link createSynchronizer}. */
export interface SynchronizerOptions {
  /** Stays open when the synchronizer is closed. */
  readonly store: Store
  /** Stays open, too; only this synchronizer may use it. */
  readonly backend: GitBackend
  /** Milliseconds between reads of a quiet branch, for what other servers wrote. Default: 30,000; 0: never. */
  readonly fetchInterval?: number | undefined
  /** Default: silent. */
  readonly logger?: Logger | undefined
  /** Called with everything the synchronization does. What it throws is logged. */
  readonly onEvent?: ((event: SyncEvent) => void) | undefined
  /** Default: `Date.now`. */
  readonly clock?: Clock | undefined
  /**
   * The newest version of the repository format that may be used. 1 holds this server back, so that older ones on the
   * same branch keep working: edits, deletion, replies, topics, Markdown and reactions are then rejected. Default: 2.
   */
  readonly formatVersion?: FormatVersion | undefined
}

export const SYNCHRONIZER_OPTIONS = {
  store: true,
  backend: true,
  fetchInterval: true,
  logger: true,
  onEvent: true,
  clock: true,
  formatVersion: true,
} satisfies Record<keyof SynchronizerOptions, true>

/** How a database is kept in step with its repository. */
export interface Synchronization {
  /**
   * Imports and dispatches now, and resolves with the status when that is done or has failed. A failure is in
   * `last_error`. The signal ends the waiting, not the synchronization: it rejects with the signal's reason.
   */
  sync(options?: { readonly signal?: AbortSignal | undefined }): Promise<SyncStatus>
  /** Resolves with the status; asks the repository nothing. */
  status(): Promise<SyncStatus>
  /** Stops synchronizing. What is pending stays in the outbox for the next synchronizer of this store. */
  close(): Promise<void>
  /** The same as {@link Synchronization.close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>
}

/** Keeps the repository in step with the database: dispatcher, importer, and the loop that decides when. */
export interface Synchronizer extends Synchronization {
  /** Call after changes were stored and are durable. Default: one. */
  wake(messages?: number): void
}

/**
 * Starts to synchronize a store with a repository, at once and by itself.
 *
 * @throws {TypeError} for an unknown option
 */
export function createSynchronizer(options: SynchronizerOptions): Synchronizer {
  assertKnownOptions('createSynchronizer', options, SYNCHRONIZER_OPTIONS)
  const { store, backend, fetchInterval = 30_000, logger = silentLogger, clock = Date.now } = options
  const { formatVersion = LATEST_FORMAT } = options
  const onEvent = guardObserver(options.onEvent, logger)
  const tracker = createProgressTracker(clock, (progress) => onEvent({ type: 'progress', progress }))
  function createSteps(lock: SyncLock): SyncSteps {
    const parts = { store: underLock(store, lock), backend, tracker, onEvent, logger, formatVersion }
    return { importOnce: createImporter(parts), dispatchOnce: createDispatcher(parts) }
  }

  const loop = startSyncLoop({
    acquireLock: () => store.acquireSyncLock(),
    createSteps,
    oldestPendingAt: async () => (await store.summary()).oldest_pending_at,
    tracker,
    clock,
    monotonic: () => performance.now(),
    random: Math.random,
    fetchInterval: fetchInterval || Number.POSITIVE_INFINITY,
    onEvent,
    logger,
  })
  // Other servers' posts, of which it is not told how many.
  const stopListening = store.onChange?.(() => loop.wake(0))
  async function close(): Promise<void> {
    stopListening?.()
    await loop.stop()
  }
  return {
    wake: loop.wake,
    async sync({ signal } = {}) {
      return readSyncStatus(store, backend, await untilAborted(signal, loop.request))
    },
    status: () => readSyncStatus(store, backend, tracker.current),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** An observer that may throw without stopping what it observes. */
export function guardObserver(
  onEvent: ((event: SyncEvent) => void) | undefined,
  logger: Logger,
): (event: SyncEvent) => void {
  return (event) => {
    try {
      onEvent?.(event)
    } catch (error) {
      logger.error({ err: error }, 'onEvent threw')
    }
  }
}

/** Starts `work` and waits for it; rejects with the signal's reason once that aborts, while the work goes on. */
export async function untilAborted<Result>(
  signal: AbortSignal | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  if (!signal) return work()
  signal.throwIfAborted()
  let stopListening = () => {}
  const aborted = new Promise<never>((_, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort)
    stopListening = () => signal.removeEventListener('abort', abort)
  })
  return Promise.race([work(), aborted]).finally(stopListening)
}
