import { setImmediate as nextTurn } from 'node:timers/promises'
import { type CommitHash, type GitBackend, GitSyncError } from '@gitmsg/git-sync'
import type { Store } from '@gitmsg/store'
import type { EncodedChange } from '../format/commit.js'
import { FORMAT_VERSION } from '../format/format-file.js'
import type { Logger } from '../logger.js'
import { type Batch, type PreparedBatch, prepareBatch, takeBatch } from './batch.js'
import { createBatchSize } from './batch-size.js'
import { findRejectedChange } from './find-rejected-change.js'
import type { ProgressTracker, SyncEvent } from './progress.js'

export interface DispatcherDependencies {
  readonly store: Store
  readonly backend: GitBackend
  readonly tracker: Pick<ProgressTracker, 'syncing'>
  readonly onEvent: (event: SyncEvent) => void
  readonly logger: Logger
}

/**
 * - `idle`: there was nothing to do
 * - `dispatched`: everything was dispatched
 * - `more`: one batch was dispatched, or a change was quarantined; there may be more
 */
export type DispatchOutcome = 'idle' | 'dispatched' | 'more'

/** How many changes are tried if one that was sent alone is rejected. */
const SUSPECTS = 16

/** Changes settled in one transaction, which takes some milliseconds and blocks everything else meanwhile. */
const CHANGES_PER_SETTLEMENT = 500

/**
 * Creates the dispatcher's step: publishes the oldest changes on top of the cursor, and settles them. If more are
 * waiting than fit into one request, the next ones are prepared meanwhile for the next step.
 *
 * The step rejects with a {@link GitSyncError} as `prepare` and `publish` of the backend do; only what was published is
 * settled then.
 */
export function createDispatcher({ store, backend, tracker, onEvent, logger }: DispatcherDependencies) {
  let ahead: PreparedBatch | null = null
  const size = createBatchSize(backend)

  return async function dispatchOnce(signal: AbortSignal): Promise<DispatchOutcome> {
    const cursor = await store.cursor()
    const prepared = ahead?.parent === cursor.commit ? ahead : null
    ahead = null
    const batch = prepared ?? (await takeBatch(store, size.limits()))
    if (batch.changes.length === 0) return 'idle'
    tracker.syncing()
    const startedAt = performance.now()
    try {
      await publish(prepared ?? (await prepareBatch(backend, { batch, cursor, signal })), signal)
      size.succeeded()
      return batch.isAll ? 'dispatched' : 'more'
    } catch (error) {
      size.failed(error, { changes: batch.changes.length, milliseconds: performance.now() - startedAt })
      if (!isRejection(error)) throw error
      const search = await findRejectedChange(await suspectsOf(batch), (changes) =>
        isAccepted(changes, signal),
      )
      if (search.found === 'all-rejected') throw error
      if (search.found === 'rejected-change') await quarantine(search.change, error.message)
      else size.tooMuch(batch.changes.length)
      return 'more'
    }
  }

  /** A change is only to blame if another one gets through, so one that was sent alone is tried with those after it. */
  async function suspectsOf({ changes, isAll }: Batch): Promise<readonly EncodedChange[]> {
    if (changes.length > 1 || isAll) return changes
    const limits = { commits: SUSPECTS, filesPerCommit: 1, bytes: Number.POSITIVE_INFINITY }
    return (await takeBatch(store, limits)).changes
  }

  async function publish(prepared: PreparedBatch, signal: AbortSignal): Promise<void> {
    const following = prepareNext(prepared, signal).catch(() => null)
    try {
      await prepared.publish({ signal })
      await settle(prepared)
      logger.debug({ changes: prepared.changes.length, commit: prepared.hashes.at(-1) }, 'changes published')
    } finally {
      ahead = await following
    }
  }

  /** Prepares the batch after this one. A failure is not reported here: the next step tries again. */
  async function prepareNext(
    { isAll, last, hashes }: PreparedBatch,
    signal: AbortSignal,
  ): Promise<PreparedBatch | null> {
    if (isAll || !backend.info.preparesAhead) return null
    const batch = await takeBatch(store, size.limits(), last)
    if (batch.changes.length === 0) return null
    const cursor = { commit: hashes.at(-1) as CommitHash, format: FORMAT_VERSION }
    return prepareBatch(backend, { batch, cursor, signal })
  }

  /** Settles some commits at a time, each time with the cursor on the last of them. */
  async function settle({ changes: batch, hashes, filesPerCommit }: PreparedBatch): Promise<void> {
    const commitsPerSettlement = Math.ceil(CHANGES_PER_SETTLEMENT / filesPerCommit)
    for (let start = 0; start < hashes.length; start += commitsPerSettlement) {
      const commits = hashes.slice(start, start + commitsPerSettlement)
      const first = start * filesPerCommit
      const changes = batch.slice(first, first + commits.length * filesPerCommit)
      await store.settle({
        synchronized: changes.map(({ message }, index) => ({
          uid: message.uid,
          git_hash: commits[Math.floor(index / filesPerCommit)] as CommitHash,
        })),
        cursor: { commit: commits.at(-1) as CommitHash, format: FORMAT_VERSION },
      })
      onEvent({ type: 'synchronized', messages: changes.length })
      await nextTurn()
    }
  }

  async function quarantine({ message: { uid, path } }: EncodedChange, reason: string): Promise<void> {
    await store.quarantine(uid, reason)
    logger.error({ uid, path, reason }, 'change quarantined')
  }

  async function isAccepted(changes: readonly EncodedChange[], signal: AbortSignal): Promise<boolean> {
    try {
      const batch = { changes, isAll: true, last: 0 }
      const cursor = await store.cursor()
      await publish(await prepareBatch(backend, { batch, cursor, signal }), signal)
      return true
    } catch (error) {
      if (isRejection(error)) return false
      throw error
    }
  }
}

function isRejection(error: unknown): error is GitSyncError {
  return error instanceof GitSyncError && (error.code === 'rejected' || error.code === 'invalid-change')
}
