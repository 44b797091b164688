import type { GitBackend } from '@gitmsg/git-sync'
import type { Store } from '@gitmsg/store'
import { type Logger, silentLogger } from '../logger.js'
import { type ImportSummary, importHistory } from './import-history.js'
import { PreconditionError } from './precondition-error.js'
import { withSyncLock } from './with-sync-lock.js'

/** What {@link restore} needs. */
export interface RestoreOptions {
  /** An empty store, or one that an interrupted restore left. No engine may run on it. */
  readonly store: Store
  /** The repository to restore from; no engine may use this backend meanwhile. */
  readonly backend: GitBackend
  /** Called after each transaction with what the restore has brought until then. */
  readonly onProgress?: (summary: ImportSummary) => void
  /** Stops between two transactions; the next restore goes on from there. */
  readonly signal?: AbortSignal
  /** Names the files that are not messages, and are left out. Default: says nothing. */
  readonly logger?: Logger
}

/**
 * Makes a database from the repository alone: the same messages with the same uids, texts, times and commits,
 * and the ids in their files where these are free, in the order of the commits.
 *
 * It goes on where an interrupted one stopped, and does nothing where all is restored.
 *
 * @throws {PreconditionError} where the database has messages of its own, or a server synchronizes it
 * @throws {GitSyncError} as {@link GitBackend.changesSince}
 */
export function restore(options: RestoreOptions): Promise<ImportSummary> {
  const { store, logger = silentLogger } = options
  return withSyncLock(store, async () => {
    await assertRestorable(store)
    return importHistory({ ...options, logger, keepIds: true })
  })
}

/** What a restore leaves has a cursor as soon as it has a message, and never anything pending. */
async function assertRestorable(store: Store): Promise<void> {
  const { commit } = await store.cursor()
  const { pending, quarantined } = await store.summary()
  const [message] = await store.listMessages({ limit: 1 })
  if (pending + quarantined === 0 && (commit !== null || !message)) return
  throw new PreconditionError(
    'not-empty',
    'The database has messages of its own. Restore into a new one: set another data folder, or move this one away.',
  )
}
