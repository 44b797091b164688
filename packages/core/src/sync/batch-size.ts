import { type BatchLimits, GitSyncError } from '@gitmsg/git-sync'

/** A failure that took this long may be a timeout, which grows with what was sent; a network that is down fails faster. */
const SLOW_FAILURE_MS = 10_000

/** How much one request to the backend may carry: less after slow failures, and more again after successes. */
export interface BatchSize {
  /** The limits for the next batch. */
  limits(): BatchLimits
  /** Call when a batch was published: twice as much may be sent next. */
  succeeded(): void
  /** Call when a batch was not published: if that took long, half of it is sent next. */
  failed(error: unknown, attempt: { readonly changes: number; readonly milliseconds: number }): void
}

/** Creates a {@link BatchSize} that starts with the backend's own limits. */
export function createBatchSize(own: BatchLimits): BatchSize {
  let commits = own.commits
  return {
    limits: () => ({ ...own, commits }),
    succeeded() {
      commits = Math.min(own.commits, 2 * commits)
    },
    failed(error, { changes, milliseconds }) {
      if (milliseconds < SLOW_FAILURE_MS || !mayBeTimeout(error)) return
      commits = Math.max(1, Math.floor(Math.ceil(changes / own.filesPerCommit) / 2))
    },
  }
}

const mayBeTimeout = (error: unknown): boolean =>
  error instanceof GitSyncError && (error.code === 'unavailable' || error.code === 'unknown-outcome')
