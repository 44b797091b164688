import { setImmediate as nextTurn } from 'node:timers/promises'
import { type CommitHash, type GitBackend, GitSyncError } from '@gitmsg/git-sync'
import type { Store } from '@gitmsg/store'
import type { Logger } from '../logger.js'
import type { EncodedChange } from '../format/commit.js'
import { FORMAT_VERSION } from '../format/format-file.js'
import { type PreparedBatch, prepareBatch, takeBatch } from './batch.js'
import { findPoison } from './find-rejected-change.js'
import type { SyncEvent } from './sync-event.js'
import type { SyncTracker } from './progress.js'

export interface DispatchDependencies {
  readonly store: Store
  readonly backend: GitBackend
  readonly tracker: Pick<SyncTracker, 'syncing'>
  readonly onEvent: (event: SyncEvent) => void
  readonly logger: Logger
}

/**
 * - `idle`: there was nothing to do
 * - `dispatched`: everything there was
 * - `more`: as much as one append carries, or without a change that was quarantined; there may be more
 */
export type DispatchOutcome = 'idle' | 'dispatched' | 'more'

/** The most changes that are settled in one transaction: it takes some milliseconds, and everybody else waits. */
const SETTLED_AT_ONCE = 500

/**
 * The dispatcher's step: publishes the oldest changes on top of the cursor, and settles them. Where there are more
 * than one append carries, the next ones are prepared meanwhile, for the next step.
 *
 * @throws {GitSyncError} as {@link append}; only what was published is settled then
 */
export function createDispatchOnce({ store, backend, tracker, onEvent, logger }: DispatchDependencies) {
  let ahead: PreparedBatch | null = null

  return async function dispatchOnce(signal: AbortSignal): Promise<DispatchOutcome> {
    const cursor = await store.cursor()
    const prepared = ahead?.parent === cursor.commit ? ahead : null
    ahead = null
    const batch = prepared ?? (await takeBatch(store, backend.info.limits))
    if (batch.changes.length === 0) return 'idle'
    tracker.syncing()
    try {
      await publish(prepared ?? (await prepareBatch(backend, { batch, cursor, signal })), signal)
      return batch.isAll ? 'dispatched' : 'more'
    } catch (error) {
      if (!isRefusal(error)) throw error
      const search = await findPoison(batch.changes, (changes) => isAccepted(changes, signal))
      if (search.found === 'all-refused') throw error
      if (search.found === 'poison') await setAside(search.change, error.message)
      return 'more'
    }
  }

  async function publish(prepared: PreparedBatch, signal: AbortSignal): Promise<void> {
    const following = prepareFollowing(prepared, signal).catch(() => null)
    try {
      await prepared.publish({ signal })
      await settle(prepared)
      logger.debug({ changes: prepared.changes.length, commit: prepared.hashes.at(-1) }, 'changes published')
    } finally {
      ahead = await following
    }
  }

  /** What fails here is tried again, and reported, by the next step. */
  async function prepareFollowing(
    { isAll, last, hashes }: PreparedBatch,
    signal: AbortSignal,
  ): Promise<PreparedBatch | null> {
    if (isAll || !backend.info.preparesAhead) return null
    const batch = await takeBatch(store, backend.info.limits, last)
    if (batch.changes.length === 0) return null
    return prepareBatch(backend, {
      batch,
      cursor: { commit: hashes.at(-1) as CommitHash, format: FORMAT_VERSION },
      signal,
    })
  }

  /** Some commits after the other, each time with the cursor on the last of them. */
  async function settle({ changes: batch, hashes, filesPerCommit }: PreparedBatch): Promise<void> {
    const commitsAtOnce = Math.ceil(SETTLED_AT_ONCE / filesPerCommit)
    for (let start = 0; start < hashes.length; start += commitsAtOnce) {
      const commits = hashes.slice(start, start + commitsAtOnce)
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

  async function setAside({ message: { uid, path } }: EncodedChange, reason: string): Promise<void> {
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
      if (isRefusal(error)) return false
      throw error
    }
  }
}

function isRefusal(error: unknown): error is GitSyncError {
  return error instanceof GitSyncError && (error.code === 'rejected' || error.code === 'invalid-change')
}
