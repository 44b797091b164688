import { setImmediate as nextTurn } from 'node:timers/promises'
import { type CommitHash, type GitBackend, GitSyncError } from '@gitmsg/git-sync'
import type { Store } from '@gitmsg/store'
import type { Logger } from '../logger.js'
import type { FiledChange } from '../repository/commit-draft.js'
import { FORMAT_VERSION } from '../repository/format-file.js'
import { draftBatch, takeBatch } from './batch.js'
import { findPoison } from './find-poison.js'
import type { SyncEvent } from './sync-event.js'
import type { SyncTracker } from './sync-state.js'

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
 * The dispatcher's step: appends the oldest changes on top of the cursor, and settles them.
 *
 * @throws {GitSyncError} as {@link GitBackend.append}; nothing is settled then but what was published
 */
export function createDispatchOnce({ store, backend, tracker, onEvent, logger }: DispatchDependencies) {
  return async function dispatchOnce(signal: AbortSignal): Promise<DispatchOutcome> {
    const { changes: batch, isAll } = await takeBatch(store, backend.limits)
    if (batch.length === 0) return 'idle'
    tracker.syncing()
    try {
      await publish(batch, signal)
      return isAll ? 'dispatched' : 'more'
    } catch (error) {
      if (!isRefusal(error)) throw error
      const search = await findPoison(batch, (changes) => isAccepted(changes, signal))
      if (search.found === 'all-refused') throw error
      if (search.found === 'poison') await setAside(search.change, error.message)
      return 'more'
    }
  }

  async function publish(batch: readonly FiledChange[], signal: AbortSignal): Promise<void> {
    const { commit: parent, format } = await store.cursor()
    const { limits } = backend
    const commits = await draftBatch(batch, limits, { declareFormat: format === null })
    const hashes = await backend.append({ parent, commits }, { signal })
    const tip = hashes.at(-1)
    if (hashes.length !== commits.length || !tip) {
      throw new GitSyncError('unknown-outcome', 'The backend did not answer with one hash per commit.')
    }
    await settle(batch, hashes, limits.filesPerCommit)
    logger.debug({ changes: batch.length, commit: tip }, 'changes published')
  }

  /** Some commits after the other, each time with the cursor on the last of them. */
  async function settle(
    batch: readonly FiledChange[],
    hashes: readonly CommitHash[],
    filesPerCommit: number,
  ): Promise<void> {
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

  async function setAside({ message: { uid, path } }: FiledChange, reason: string): Promise<void> {
    await store.quarantine(uid, reason)
    logger.error({ uid, path, reason }, 'change quarantined')
  }

  async function isAccepted(batch: readonly FiledChange[], signal: AbortSignal): Promise<boolean> {
    try {
      await publish(batch, signal)
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
