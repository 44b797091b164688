import type { GitBackend } from '@gitmsg/git-sync'
import type { Store } from '@gitmsg/store'
import { type Logger, silentLogger } from '../logger.js'
import { type ImportSummary, importHistory } from './import-history.js'
import type { Conflict } from './reconcile.js'
import { PreconditionError, withSyncLock } from './with-sync-lock.js'

/** Options of {@link restore}. */
export interface RestoreOptions {
  /** An empty store, or one that an interrupted restore left. No engine may run on it. */
  readonly store: Store
  /** The repository to restore from; no engine may use this backend meanwhile. */
  readonly backend: GitBackend
  /** Called after each transaction with what has been restored so far. */
  readonly onProgress?: (summary: ImportSummary) => void
  /** Stops between two transactions; the next restore continues from there. */
  readonly signal?: AbortSignal
  /** Called with each conflict: a second file for a message that is, or was, on the branch. */
  readonly onConflict?: (conflict: Conflict) => void
  /** Names the files that are not messages and were skipped. Default: silent. */
  readonly logger?: Logger
}

/**
 * Builds a database from the repository alone: the same messages with the same uids, versions, times and commits, in
 * commit order, with the ids in their files where those are free. What was deleted stays deleted, and keeps its id.
 *
 * The head's tree decides: if a version had several contents, that of the head is restored, and `conflicts`
 * is not 0: the backup may have been tampered with. A message whose file was removed later is restored, too.
 *
 * Continues where an interrupted restore stopped, and does nothing once everything is restored.
 *
 * @throws {PreconditionError} if the database has messages of its own, or a server synchronizes it
 * @throws {GitSyncError} as {@link GitBackend.changesSince}
 * @example
 * const store = await openStore({ path: 'restored.db' })
 * const { imported } = await restore({ store, backend })
 */
export function restore(options: RestoreOptions): Promise<ImportSummary> {
  return withSyncLock(options, async ({ logger = silentLogger, ...locked }) => {
    await assertRestorable(locked.store)
    return importHistory({ ...locked, logger, keepIds: true })
  })
}

/** Whatever a restore leaves behind, nothing of it is pending: only messages of the server's own are. */
async function assertRestorable(store: Store): Promise<void> {
  const { pending, quarantined } = await store.summary()
  if (pending + quarantined === 0) return
  throw new PreconditionError(
    'not-empty',
    'the database already has messages: restore into a new one (another data directory), or move this one away',
  )
}
