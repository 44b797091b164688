import { GitSyncError, type GitSyncErrorCode } from '@gitmsg/git-sync'
import type { SyncProgress } from './progress.js'

/**
 * How an attempt to synchronize ended.
 *
 * - `ok`: the repository answered, and what it was asked for was done
 * - `rejected`: it answered, and would not
 * - `unknown`: there was no answer, or one that leaves open what happened
 */
export type AttemptOutcome = 'ok' | 'rejected' | 'unknown'

/**
 * What the synchronization does, for whoever watches or counts it.
 *
 * - `progress`: it begins, rests or fails
 * - `attempt`: it asked the repository for something, or wrote to it
 * - `synchronized`: so many messages are now known to be in the repository
 * - `missing`: so many messages were synchronized, and the repository turned out not to have them any more
 */
export type SyncEvent =
  | { readonly type: 'progress'; readonly progress: SyncProgress }
  | { readonly type: 'attempt'; readonly outcome: AttemptOutcome; readonly milliseconds: number }
  | { readonly type: 'synchronized' | 'missing'; readonly messages: number }

const ANSWERS: ReadonlySet<GitSyncErrorCode> = new Set([
  'stale-head',
  'unknown-cursor',
  'unauthorized',
  'forbidden',
  'not-found',
  'rate-limited',
  'rejected',
  'invalid-change',
])

/** The outcome of an attempt that failed in this way. */
export function outcomeOf(error: unknown): AttemptOutcome {
  return error instanceof GitSyncError && ANSWERS.has(error.code) ? 'rejected' : 'unknown'
}
