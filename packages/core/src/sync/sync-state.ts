import { GitSyncError } from '@gitmsg/git-sync'
import type { Clock } from '../clock.js'

/**
 * - `idle`: nothing to do
 * - `syncing`: asking or writing the repository
 * - `backing_off`: it failed, and will be tried again
 * - `blocked`: it failed, and trying again is not expected to help until a person acts; it is still tried
 */
export type SyncState = 'idle' | 'syncing' | 'backing_off' | 'blocked'

export interface SyncFailure {
  /** A {@link GitSyncErrorCode}, a {@link StoreErrorCode} or `internal`. */
  readonly code: string
  readonly message: string
  readonly at: string
}

/** Where the sync loop is. */
export interface SyncProgress {
  readonly state: SyncState
  /** Why the last attempt failed; `null` once nothing is pending again. */
  readonly last_error: SyncFailure | null
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

export function createSyncTracker(clock: Clock): SyncTracker {
  let current = AT_REST
  return {
    get current() {
      return current
    },
    syncing() {
      current = { state: 'syncing', last_error: current.last_error, retry_at: null }
    },
    idle() {
      current = AT_REST
    },
    failed(error, delay) {
      const now = clock()
      current = {
        state: needsAPerson(error) ? 'blocked' : 'backing_off',
        last_error: { ...describe(error), at: new Date(now).toISOString() },
        retry_at: new Date(now + delay).toISOString(),
      }
    },
  }
}

function needsAPerson(error: unknown): boolean {
  return error instanceof GitSyncError && (error.needsAPerson || error.code === 'rejected')
}

function describe(error: unknown): { code: string; message: string } {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'internal'
  return { code, message: error instanceof Error ? error.message : 'Something that is no error was thrown.' }
}
