import { GitSyncError, type GitSyncErrorCode } from '@gitmsg/git-sync'
import { type Clock, StoreError } from '@gitmsg/store'
import type { Conflict } from '../history/reconcile.js'

/**
 * What the synchronization is doing.
 *
 * - `idle`: nothing to do
 * - `syncing`: reading from the repository or writing to it
 * - `backing_off`: it failed and will be retried
 * - `blocked`: it failed, and retrying is not expected to help until a person intervenes; it is still retried
 */
export type SyncState = 'idle' | 'syncing' | 'backing_off' | 'blocked'

/** Why an attempt failed, or that history was lost. */
export interface SyncFailure {
  /**
   * A {@link GitSyncErrorCode}, a {@link StoreErrorCode}, `history-lost`, `conflict` or `internal`. `corrupt` and
   * `unavailable` mean the repository; those of the database are `database-corrupt` and `database-unavailable`.
   */
  readonly code: string
  /** One sentence for people; never a credential or a message's text. */
  readonly message: string
  /** When: RFC 3339, UTC, with milliseconds. */
  readonly at: string
}

/** The state of the sync loop. */
export interface SyncProgress {
  /** What it is doing. */
  readonly state: SyncState
  /** Why the last attempt failed; once nothing is pending again, the last `conflict` since the start, or `null`. */
  readonly last_error: SyncFailure | null
  /** When the next attempt is due: RFC 3339, UTC; `null` if none is scheduled. */
  readonly retry_at: string | null
}

/**
 * How an attempt to synchronize ended.
 *
 * - `ok`: the repository responded, and the work was done
 * - `rejected`: it responded with a no
 * - `unknown`: there was no response, or one that leaves open what happened
 */
export type AttemptOutcome = 'ok' | 'rejected' | 'unknown'

/**
 * Something the synchronization did.
 *
 * - `progress`: its state changed
 * - `attempt`: it read from the repository or wrote to it
 * - `synchronized`: this many messages are now known to be in the repository
 * - `missing`: this many messages had been synchronized, but the repository no longer has them
 */
export type SyncEvent =
  | { readonly type: 'progress'; readonly progress: SyncProgress }
  | { readonly type: 'attempt'; readonly outcome: AttemptOutcome; readonly milliseconds: number }
  | { readonly type: 'synchronized' | 'missing'; readonly messages: number }

export const IDLE: SyncProgress = { state: 'idle', last_error: null, retry_at: null }

/** Codes of errors with which the repository itself responded. */
const RESPONSES: ReadonlySet<GitSyncErrorCode> = new Set([
  'stale-head',
  'unknown-cursor',
  'unauthorized',
  'forbidden',
  'not-found',
  'rate-limited',
  'rejected',
  'invalid-change',
])

/** The outcome of an attempt that failed with this error. */
export function outcomeOf(error: unknown): AttemptOutcome {
  return error instanceof GitSyncError && RESPONSES.has(error.code) ? 'rejected' : 'unknown'
}

/** Holds the progress; only the loop changes it. */
export interface ProgressTracker {
  readonly current: SyncProgress
  syncing(): void
  idle(): void
  failed(error: unknown, delayMs: number): void
  /** The branch has a second file for a message. From then on `last_error` names it whenever nothing else failed. */
  conflict(conflict: Conflict): void
}

/** Creates a tracker that starts idle. `onProgress` is called with every change. */
export function createProgressTracker(
  clock: Clock,
  onProgress: (progress: SyncProgress) => void = () => {},
): ProgressTracker {
  let current = IDLE
  let conflict: SyncFailure | null = null
  let conflicts = 0

  const update = (next: SyncProgress): void => {
    const { state, last_error, retry_at } = current
    current = next
    if (next.state !== state || next.last_error !== last_error || next.retry_at !== retry_at) onProgress(next)
  }

  return {
    get current() {
      return current
    },
    syncing() {
      update({ state: 'syncing', last_error: current.last_error, retry_at: null })
    },
    idle() {
      update({ ...IDLE, last_error: conflict })
    },
    failed(error, delayMs) {
      const now = clock()
      update({
        state: isBlocking(error) ? 'blocked' : 'backing_off',
        last_error: { ...describe(error), at: new Date(now).toISOString() },
        retry_at: new Date(now + delayMs).toISOString(),
      })
    },
    conflict({ uid, path, commit }) {
      conflicts += 1
      const more = conflicts > 1 ? `, the last of ${conflicts} conflicts` : ''
      const message = `the repository has a different file for message ${uid}: ${path} of commit ${commit}${more}`
      conflict = { code: 'conflict', message, at: new Date(clock()).toISOString() }
    },
  }
}

function isBlocking(error: unknown): boolean {
  return error instanceof GitSyncError && (error.requiresIntervention || error.code === 'rejected')
}

function describe(error: unknown): { code: string; message: string } {
  if (error instanceof StoreError && /^(corrupt|unavailable)$/.test(error.code)) {
    return { code: `database-${error.code}`, message: error.message }
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'internal'
  return { code, message: error instanceof Error ? error.message : 'a value that is not an error was thrown' }
}
