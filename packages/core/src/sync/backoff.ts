import { GitSyncError } from '@gitmsg/git-sync'

const BASE = 500
const LONGEST = 60_000
/** Losing a race for the branch is normal: so many times in a row it costs no pause. */
const FREE_RACES = 3

/**
 * How long to pause, in milliseconds, after `failures` failures in a row (1: the first).
 *
 * Full jitter, so that many servers on one remote do not come back together; a remote that said when to
 * come back is taken at its word.
 *
 * @param random a number from 0 (inclusive) to 1 (exclusive)
 */
export function backoffDelay(error: unknown, failures: number, random: () => number): number {
  if (error instanceof GitSyncError && error.retryAfter !== undefined) return Math.max(BASE, error.retryAfter)
  const lostARace = error instanceof GitSyncError && error.code === 'stale-head'
  if (lostARace && failures <= FREE_RACES) return 0
  return Math.round(random() * Math.min(LONGEST, BASE * 2 ** failures))
}
