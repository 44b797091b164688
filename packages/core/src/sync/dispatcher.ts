import { setImmediate as nextTurn } from 'node:timers/promises'
import { type CommitHash, type GitBackend, GitSyncError } from '@gitmsg/git-sync'
import type { Cursor, Store } from '@gitmsg/store'
import type { EncodedChange } from '../format/commit.js'
import type { FormatVersion } from '../format/format-file.js'
import { needsVersion2 } from '../format/message-file.js'
import type { Logger } from '../logger.js'
import {
  type Batch,
  type DraftedBatch,
  draftBatch,
  type PreparedBatch,
  prepareBatch,
  takeBatch,
} from './batch.js'
import { createBatchSize } from './batch-size.js'
import { findRejectedChange } from './find-rejected-change.js'
import type { ProgressTracker, SyncEvent } from './progress.js'

export interface DispatcherDependencies {
  readonly store: Store
  readonly backend: GitBackend
  readonly tracker: Pick<ProgressTracker, 'syncing'>
  readonly onEvent: (event: SyncEvent) => void
  readonly logger: Logger
  /** The newest version of the repository format that may be used. */
  readonly formatVersion: FormatVersion
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
export function createDispatcher({
  store,
  backend,
  tracker,
  onEvent,
  logger,
  formatVersion,
}: DispatcherDependencies) {
  let ahead: PreparedBatch | null = null
  const size = createBatchSize(backend)

  return async function dispatchOnce(signal: AbortSignal): Promise<DispatchOutcome> {
    const cursor = await store.cursor()
    const prepared = ahead?.parent === cursor.commit ? ahead : null
    ahead = null
    const batch = prepared ?? (await takeBatch(store, size.limits()))
    if (batch.changes.length === 0) return 'idle'
    tracker.syncing()
    assertFormatAllows(batch)
    const startedAt = performance.now()
    try {
      await publish(prepared ?? (await prepare(batch, cursor, signal)), signal)
      size.succeeded()
      return batch.isAll ? 'dispatched' : 'more'
    } catch (error) {
      size.failed(error, { changes: batch.changes.length, milliseconds: performance.now() - startedAt })
      if (!isRejection(error)) throw error
      const suspects = firstChanges(await suspectsOf(batch))
      const search = await findRejectedChange(suspects, (changes) => isAccepted(changes, signal))
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

  async function prepare(
    batch: Batch,
    { commit, format }: Cursor,
    signal: AbortSignal,
  ): Promise<PreparedBatch> {
    const drafted = await draftBatch(backend, batch, format)
    return prepareBatch(backend, { batch: drafted, parent: commit, signal })
  }

  /**
   * Prepares the batch after this one, and drafts the one after that while git builds. A failure is not reported here:
   * the next step tries again.
   */
  async function prepareNext(current: PreparedBatch, signal: AbortSignal): Promise<PreparedBatch | null> {
    if (!backend.info.preparesAhead) return null
    const batch = current.next ?? (await draftNext(current))
    if (batch === undefined) return null
    const preparing = prepareBatch(backend, { batch, parent: current.hashes.at(-1) as CommitHash, signal })
    const drafting = draftNext(batch).catch(() => undefined)
    return { ...(await preparing), next: await drafting }
  }

  async function draftNext({ isAll, last, commits }: DraftedBatch): Promise<DraftedBatch | undefined> {
    if (isAll) return undefined
    const batch = await takeBatch(store, size.limits(), last)
    if (batch.changes.length === 0) return undefined
    return draftBatch(backend, batch, commits.at(-1)?.format ?? null)
  }

  /** Settles some commits at a time, each time with the cursor on the last of them. */
  async function settle({ commits, hashes }: PreparedBatch): Promise<void> {
    for (let start = 0; start < commits.length; ) {
      const end = endOfPart(commits, start)
      const published = commits.slice(start, end).flatMap(({ changes }, index) =>
        changes.map(({ message: { uid, version } }) => ({
          uid,
          version,
          git_hash: hashes[start + index] as CommitHash,
        })),
      )
      const format = commits[end - 1]?.format ?? null
      await store.settle({ published, cursor: { commit: hashes[end - 1] as CommitHash, format } })
      onEvent({ type: 'synchronized', messages: published.length })
      start = end
      await nextTurn()
    }
  }

  async function quarantine({ message }: EncodedChange, reason: string): Promise<void> {
    const { uid, version, path } = message
    await store.quarantine(uid, reason, { version })
    logger.error({ uid, version, path, reason }, 'change quarantined')
  }

  async function isAccepted(changes: readonly EncodedChange[], signal: AbortSignal): Promise<boolean> {
    try {
      const batch = { changes, isAll: true, last: undefined }
      const cursor = await store.cursor()
      await publish(await prepare(batch, cursor, signal), signal)
      return true
    } catch (error) {
      if (isRejection(error)) return false
      throw error
    }
  }

  /** What was accepted while version 2 was allowed has to wait until it is again. */
  function assertFormatAllows({ changes }: Batch): void {
    if (formatVersion === 2 || !changes.some(({ message }) => needsVersion2(message))) return
    throw new GitSyncError(
      'misconfigured',
      'a pending change needs format version 2 of the repository; this server is held at version 1',
    )
  }
}

/** Where the commits end that are settled in one transaction with the one at `start`. */
function endOfPart(commits: PreparedBatch['commits'], start: number): number {
  let changes = 0
  let end = start
  while (end < commits.length && changes < CHANGES_PER_SETTLEMENT) {
    changes += commits[end]?.changes.length ?? 0
    end += 1
  }
  return end
}

/**
 * The first change of each message. A later one must not be tried before it: once that is settled, versions before it
 * are superseded.
 */
function firstChanges(changes: readonly EncodedChange[]): EncodedChange[] {
  const uids = new Set<string>()
  return changes.filter(({ message: { uid } }) => !uids.has(uid) && uids.add(uid))
}

function isRejection(error: unknown): error is GitSyncError {
  return error instanceof GitSyncError && (error.code === 'rejected' || error.code === 'invalid-change')
}
