import type { GitBackend } from '@gitmsg/git-sync'
import type { Store, SyncSummary } from '@gitmsg/store'
import { AT_REST, type SyncFailure, type SyncProgress } from './progress.js'

/** How the synchronization is doing; times are RFC 3339, UTC. */
export interface SyncStatus extends Omit<SyncSummary, 'history_lost_at'>, SyncProgress {
  /** The backend's name. */
  readonly backend: string
  /** Where commits are published, never with a credential; `null` where there is no remote. */
  readonly remote: string | null
  /** The branch, without `refs/heads/`. */
  readonly branch: string
  /** The last commit whose content is all stored here. */
  readonly head: string | null
  /** Why the last attempt failed, or `history-lost`; `null` once nothing is pending again. */
  readonly last_error: SyncFailure | null
}

const HISTORY_LOST =
  'The branch did not hold what was synchronized: it was rolled back, rewritten, emptied or replaced. What is missing is appended again.'

/**
 * Puts the status together.
 *
 * @param progress of the loop; without one (another process may have it) the status speaks of the store only
 */
export async function readSyncStatus(
  store: Store,
  { info: { name, remote, branch } }: Pick<GitBackend, 'info'>,
  progress: SyncProgress = AT_REST,
): Promise<SyncStatus> {
  const { commit: head } = await store.cursor()
  const summary = await store.summary()
  const { pending, oldest_pending_at, last_synchronized_at, quarantined } = summary
  const { state, retry_at } = progress
  return {
    backend: name,
    remote,
    branch,
    head,
    pending,
    oldest_pending_at,
    last_synchronized_at,
    state,
    last_error: errorOf(progress, summary),
    retry_at,
    quarantined,
  }
}

/** What keeps it from getting on comes first; while it gets on, that history was lost is what has to be known. */
function errorOf(
  { last_error, retry_at }: SyncProgress,
  { pending, history_lost_at: at }: SyncSummary,
): SyncFailure | null {
  if (retry_at !== null || at === null || pending === 0) return last_error
  return { code: 'history-lost', message: HISTORY_LOST, at }
}
