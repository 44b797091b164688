import { type GitBackend, GitSyncError } from '@gitmsg/git-sync'
import type { Store } from '@gitmsg/store'
import type { Logger } from '../logger.js'
import { type ImportSummary, importHistory } from '../history/import-history.js'
import type { SyncEvent } from './sync-event.js'

export interface ImportDependencies {
  readonly store: Store
  readonly backend: GitBackend
  readonly onEvent: (event: SyncEvent) => void
  readonly logger: Logger
}

/**
 * The importer's step, which is also the audit: {@link importHistory}, and where the branch does not contain
 * the cursor (it was rolled back, rewritten, emptied or replaced) everything is pending again, loudly, and
 * its whole history is read. What it no longer holds stays pending, and is appended.
 *
 * @throws {GitSyncError} as {@link GitBackend.changesSince}; what was stored until then stays
 */
export function createImportOnce({ store, backend, onEvent, logger }: ImportDependencies) {
  return async function importOnce(signal: AbortSignal): Promise<ImportSummary> {
    const read = async (): Promise<ImportSummary> => {
      let messages = 0
      const onProgress = ({ settled }: ImportSummary) => {
        messages = settled
      }
      try {
        return await importHistory({ store, backend, logger, signal, onProgress })
      } finally {
        if (messages > 0) onEvent({ type: 'synchronized', messages })
      }
    }
    try {
      return await read()
    } catch (error) {
      if (!(error instanceof GitSyncError && error.code === 'unknown-cursor')) throw error
      const { commit } = await store.cursor()
      const synchronized = await store.resetSynchronization()
      logger.error(
        { branch: backend.info.branch, expected: commit },
        'the branch does not hold what was synchronized: reading it from the beginning',
      )
      const summary = await read()
      onEvent({ type: 'missing', messages: Math.max(0, synchronized - summary.settled) })
      return summary
    }
  }
}
