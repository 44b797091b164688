import type { GitBackend } from '@gitmsg/git-sync'
import { RESETTING, type Store, type SyncSummary } from '@gitmsg/store'
import { IDLE, type SyncFailure, type SyncProgress } from './progress.js'

/** The status of the synchronization; times are RFC 3339, UTC. */
export interface SyncStatus extends Omit<SyncSummary, 'history_lost_at'>, SyncProgress {
  /** The backend's name. */
  readonly backend: string
  /** Where commits are published, never with a credential; `null` if there is no remote. */
  readonly remote: string | null
  /** The branch, without `refs/heads/`. */
  readonly branch: string
  /** The branch's tip as last read or written; `null` before the first commit. */
  readonly head: string | null
  /**
   * Why the last attempt failed, or `history-lost`; once nothing is pending again, the last `conflict` since the start,
   * or `null`.
   */
  readonly last_error: SyncFailure | null
}

const HISTORY_LOST =
  'The branch no longer held what had been synchronized: it was rolled back, rewritten, emptied or replaced. Missing messages are being appended again.'

/**
 * Reads the status; asks the repository nothing.
 *
 * @param progress of the loop; without it (the loop may run in another process) the status is that of the store only
 */
export async function readSyncStatus(
  store: Store,
  { info: { name, remote, branch } }: Pick<GitBackend, 'info'>,
  progress: SyncProgress = IDLE,
): Promise<SyncStatus> {
  const { commit } = await store.cursor()
  const summary = await store.summary()
  const { pending, oldest_pending_at, last_synchronized_at, quarantined } = summary
  const { state, retry_at } = progress
  return {
    backend: name,
    remote,
    branch,
    head: commit === RESETTING ? null : commit,
    pending,
    oldest_pending_at,
    last_synchronized_at,
    state,
    last_error: errorOf(progress, summary),
    retry_at,
    quarantined,
  }
}

/** While attempts fail, their error comes first; otherwise lost history is reported until nothing is pending. */
function errorOf(
  { last_error, retry_at }: SyncProgress,
  { pending, history_lost_at: at }: SyncSummary,
): SyncFailure | null {
  if (retry_at !== null || at === null || pending === 0) return last_error
  return { code: 'history-lost', message: HISTORY_LOST, at }
}
