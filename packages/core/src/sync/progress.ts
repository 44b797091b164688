import { GitSyncError } from '@gitmsg/git-sync'
import type { Clock } from '@gitmsg/store'

/**
 * What the synchronization does at the moment.
 *
 * - `idle`: nothing to do
 * - `syncing`: asking or writing the repository
 * - `backing_off`: it failed, and will be tried again
 * - `blocked`: it failed, and trying again is not expected to help until a person acts; it is still tried
 */
export type SyncState = 'idle' | 'syncing' | 'backing_off' | 'blocked'

/** Why an attempt failed, or what was found to be lost. */
export interface SyncFailure {
  /** A {@link GitSyncErrorCode}, a {@link StoreErrorCode} or `internal`. */
  readonly code: string
  /** One sentence for people; never a credential or a message's text. */
  readonly message: string
  /** When: RFC 3339, UTC, with milliseconds. */
  readonly at: string
}

/** Where the sync loop is. */
export interface SyncProgress {
  /** What it does at the moment. */
  readonly state: SyncState
  /** Why the last attempt failed; `null` once nothing is pending again. */
  readonly last_error: SyncFailure | null
  /** When it is tried again: RFC 3339, UTC; `null` while no attempt is due. */
  readonly retry_at: string | null
}

export const AT_REST: SyncProgress = { state: 'idle', last_error: null, retry_at: null }

/** Keeps the progress; only the loop changes it. */
export interface SyncTracker {
  readonly current: SyncProgress
  syncing(): void
  idle(): void
  failed(error: unknown, delay: number): void
}

/** Starts at rest. `onProgress` is told of every change. */
export function createSyncTracker(
  clock: Clock,
  onProgress: (progress: SyncProgress) => void = () => {},
): SyncTracker {
  let current = AT_REST

  const move = (next: SyncProgress): void => {
    const { state, last_error, retry_at } = current
    current = next
    if (next.state !== state || next.last_error !== last_error || next.retry_at !== retry_at) onProgress(next)
  }

  return {
    get current() {
      return current
    },
    syncing() {
      move({ state: 'syncing', last_error: current.last_error, retry_at: null })
    },
    idle() {
      move(AT_REST)
    },
    failed(error, delay) {
      const now = clock()
      move({
        state: requiresIntervention(error) ? 'blocked' : 'backing_off',
        last_error: { ...describe(error), at: new Date(now).toISOString() },
        retry_at: new Date(now + delay).toISOString(),
      })
    },
  }
}

function requiresIntervention(error: unknown): boolean {
  return error instanceof GitSyncError && (error.requiresIntervention || error.code === 'rejected')
}

function describe(error: unknown): { code: string; message: string } {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'internal'
  return { code, message: error instanceof Error ? error.message : 'Something that is no error was thrown.' }
}
