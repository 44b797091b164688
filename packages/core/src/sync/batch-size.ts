import { type BatchLimits, type GitBackend, GitSyncError } from '@gitmsg/git-sync'

/** A failure that took this long may be a timeout, which grows with what was sent; a network that is down fails faster. */
const SLOW_FAILURE_MS = 10_000
/** More commits take seconds to build, and may lose every race for the branch. */
const MAX_COMMITS_AFTER_LOST_RACE = 2_000

/** How much one request to the backend may carry: less after some failures, and more again after successes. */
export interface BatchSize {
  /** The limits for the next batch. */
  limits(): BatchLimits
  /** Call when a batch was published: twice as much may be sent next. */
  succeeded(): void
  /** Call when a batch was not published: if that took long, or a race was lost, less is sent next. */
  failed(error: unknown, attempt: { readonly changes: number; readonly milliseconds: number }): void
  /** Call when this many changes were rejected together, but not one by one: half of them is sent next. */
  tooMuch(changes: number): void
}

/** Creates a {@link BatchSize} that starts with the backend's own limits, which may change. */
export function createBatchSize({ info }: Pick<GitBackend, 'info'>): BatchSize {
  let { commits } = info.limits
  const halve = (changes: number): void => {
    commits = Math.max(1, Math.floor(Math.ceil(changes / info.limits.filesPerCommit) / 2))
  }
  return {
    limits: () => ({ ...info.limits, commits }),
    succeeded() {
      commits = Math.min(info.limits.commits, 2 * commits)
    },
    failed(error, { changes, milliseconds }) {
      if (isLostRace(error)) commits = Math.min(commits, MAX_COMMITS_AFTER_LOST_RACE)
      if (milliseconds >= SLOW_FAILURE_MS && mayBeTimeout(error)) halve(changes)
    },
    tooMuch: halve,
  }
}

const isLostRace = (error: unknown): boolean => error instanceof GitSyncError && error.code === 'stale-head'

const mayBeTimeout = (error: unknown): boolean =>
  error instanceof GitSyncError && (error.code === 'unavailable' || error.code === 'unknown-outcome')
