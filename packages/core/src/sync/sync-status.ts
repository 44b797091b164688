import type { GitBackend } from '@gitmsg/git-sync'
import type { Store, SyncSummary } from '@gitmsg/store'
import { AT_REST, type SyncProgress } from './sync-state.js'

/** How the synchronization is doing; times are RFC 3339, UTC. */
export interface SyncStatus extends SyncSummary, SyncProgress {
  /** The backend's name. */
  readonly backend: string
  /** Where commits are published, never with a credential; `null` where there is no remote. */
  readonly remote: string | null
  /** The branch, without `refs/heads/`. */
  readonly branch: string
  /** The last commit whose content is all stored here. */
  readonly head: string | null
}

/**
 * Puts the status together.
 *
 * @param progress of the loop; without one (another process may have it) the status speaks of the store only
 */
export async function readSyncStatus(
  store: Store,
  backend: Pick<GitBackend, 'name' | 'remote' | 'branch'>,
  progress: SyncProgress = AT_REST,
): Promise<SyncStatus> {
  const { commit: head } = await store.cursor()
  const { pending, oldest_pending_at, last_synchronized_at, quarantined } = await store.summary()
  const { state, last_error, retry_at } = progress
  const { name, remote, branch } = backend
  return {
    backend: name,
    remote,
    branch,
    head,
    pending,
    oldest_pending_at,
    last_synchronized_at,
    state,
    last_error,
    retry_at,
    quarantined,
  }
}
