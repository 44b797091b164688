import type { GitBackend } from '@gitmsg/git-sync'
import type { Clock, Store } from '@gitmsg/store'
import { type Logger, silentLogger } from '../logger.js'
import { createDispatchOnce } from './dispatcher.js'
import { createImportOnce } from './importer.js'
import type { SyncEvent } from './sync-event.js'
import { startSyncLoop } from './sync-loop.js'
import { createSyncTracker } from './progress.js'
import { readSyncStatus, type SyncStatus } from './status.js'
import { unlessAborted } from './unless-aborted.js'

/** What {@link createSynchronizer} needs. */
export interface SynchronizerOptions {
  /** Stays the caller's: closing leaves it open. */
  readonly store: Store
  /** Stays the caller's, too; only this synchronizer may use it. */
  readonly backend: GitBackend
  /** Milliseconds between looks at a quiet branch for others' messages. Default: 30,000; 0: never. */
  readonly fetchInterval?: number
  /** Default: says nothing. */
  readonly logger?: Logger
  /** Told of everything that the synchronization does. What it throws is logged. */
  readonly onEvent?: (event: SyncEvent) => void
  /** Default: `Date.now`. */
  readonly clock?: Clock
}

/** How the repository is kept in step with the database, for whoever asks, waits or ends it. */
export interface Synchronization {
  /**
   * Imports and dispatches now, and resolves with the status when that has settled or failed. A signal ends the
   * waiting, not the synchronization: it rejects with the signal's reason.
   */
  sync(options?: { readonly signal?: AbortSignal | undefined }): Promise<SyncStatus>
  /** How the synchronization is doing; asks the repository nothing. */
  status(): Promise<SyncStatus>
  /** Stops synchronizing. What is pending stays in the outbox, for whoever synchronizes this store next. */
  close(): Promise<void>
  /** The same as {@link Synchronization.close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>
}

/** Keeps the repository in step with the database: dispatcher, importer, and the loop that decides when. */
export interface Synchronizer extends Synchronization {
  /** To be told of messages that were posted, after they are durable. Default: one. */
  wake(messages?: number): void
}

/** Begins to keep a repository in step, at once and by itself. */
export function createSynchronizer(options: SynchronizerOptions): Synchronizer {
  const { store, backend, fetchInterval = 30_000, logger = silentLogger, clock = Date.now } = options
  const onEvent = guardObserver(options.onEvent, logger)
  const tracker = createSyncTracker(clock, (progress) => onEvent({ type: 'progress', progress }))
  const loop = startSyncLoop({
    acquireLock: () => store.acquireSyncLock(),
    importOnce: createImportOnce({ store, backend, onEvent, logger }),
    dispatchOnce: createDispatchOnce({ store, backend, tracker, onEvent, logger }),
    oldestPendingAt: async () => (await store.summary()).oldest_pending_at,
    tracker,
    clock,
    monotonic: () => performance.now(),
    random: Math.random,
    fetchInterval: fetchInterval || Number.POSITIVE_INFINITY,
    onEvent,
    logger,
  })
  const status = () => readSyncStatus(store, backend, tracker.current)

  return {
    wake: loop.wake,
    async sync({ signal } = {}) {
      await unlessAborted(signal, loop.request)
      return status()
    },
    status,
    close: loop.stop,
    [Symbol.asyncDispose]: loop.stop,
  }
}

/** An observer that may throw, and holds up nothing by it. */
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
