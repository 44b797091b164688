import { type GitBackend, GitSyncError } from '@gitmsg/git-sync'
import type { Store } from '@gitmsg/store'
import type { FormatVersion } from '../format/format-file.js'
import { type ImportSummary, importHistory } from '../history/import-history.js'
import type { Logger } from '../logger.js'
import type { ProgressTracker, SyncEvent } from './progress.js'

export interface ImporterDependencies {
  readonly store: Store
  readonly backend: GitBackend
  readonly tracker: Pick<ProgressTracker, 'conflict'>
  readonly onEvent: (event: SyncEvent) => void
  readonly logger: Logger
  /** The newest version of the repository format that may be used. */
  readonly formatVersion: FormatVersion
}

/**
 * Creates the importer's step: {@link importHistory}. If the branch no longer contains the cursor (it was rolled back,
 * rewritten, emptied or replaced), everything becomes pending again, with an error in the log, and the whole history
 * is read: what the branch still holds is settled, the rest stays pending and is appended.
 *
 * The step rejects with a {@link GitSyncError} as {@link GitBackend.changesSince}; what was stored until then stays.
 */
export function createImporter({
  store,
  backend,
  tracker,
  onEvent,
  logger,
  formatVersion,
}: ImporterDependencies) {
  return async function importOnce(signal: AbortSignal): Promise<ImportSummary> {
    try {
      return await importSinceCursor(signal)
    } catch (error) {
      if (!(error instanceof GitSyncError && error.code === 'unknown-cursor')) throw error
      return importFromBeginning(signal)
    }
  }

  async function importFromBeginning(signal: AbortSignal): Promise<ImportSummary> {
    const { commit } = await store.cursor()
    const synchronized = await store.resetSynchronization()
    logger.error(
      { branch: backend.info.branch, expected: commit },
      'history lost: the branch no longer contains the last synchronized commit; reading it from the beginning',
    )
    const summary = await importSinceCursor(signal)
    onEvent({ type: 'missing', messages: Math.max(0, synchronized - summary.settled) })
    return summary
  }

  async function importSinceCursor(signal: AbortSignal): Promise<ImportSummary> {
    let messages = 0
    const onProgress = ({ settled }: ImportSummary) => {
      messages = settled
    }
    try {
      return await importHistory({
        store,
        backend,
        logger,
        signal,
        formatVersion,
        onProgress,
        onConflict: tracker.conflict,
      })
    } finally {
      if (messages > 0) onEvent({ type: 'synchronized', messages })
    }
  }
}
