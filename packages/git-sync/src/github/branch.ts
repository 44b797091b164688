import type { CommitHash } from '../git-backend.js'
import { GitSyncError, throwIfAborted } from '../git-sync-error.js'
import type { Logger } from '../logger.js'
import {
  type BranchState,
  createBranch,
  initializeRepository,
  moveBranch,
  readBranch,
  staleHead,
} from './api/branch-requests.js'
import type { GithubClient } from './api/client.js'
import { treeOfCommit } from './api/object-requests.js'
import type { Comparisons } from './history/comparisons.js'
import type { ReplicationLag } from './history/replication-lag.js'
import type { Repository } from './repository.js'

/** What a new commit is built on; both `null` for the first commit of a branch. */
export interface Base {
  readonly commit: CommitHash | null
  readonly tree: string | null
}

/** A commit and its tree. */
export interface Tip {
  readonly commit: CommitHash
  readonly tree: string
}

/** The branch on GitHub, and what is known about it, so that most appends need not read it. */
export interface Branch {
  /** Its tip; never older than a commit that it is known to have had, unless that has lasted for a minute. */
  head(signal: AbortSignal): Promise<CommitHash | null>
  /** Throws `stale-head` unless the branch is at `parent`. Makes the first commit of an empty repository. */
  baseOf(parent: CommitHash | null, signal: AbortSignal): Promise<Base>
  /**
   * Moves the branch from `parent` to `tip`, or throws `stale-head` if it is at neither. Resolves once the branch is
   * known to contain `tip`.
   */
  publish(parent: CommitHash | null, tip: Tip, signal: AbortSignal): Promise<void>
}

/** What {@link openBranch} needs. */
export interface BranchOptions {
  readonly client: GithubClient
  readonly name: string
  readonly repository: Pick<Repository, 'assertExists' | 'assertWritable'>
  readonly comparisons: Comparisons
  readonly lag: ReplicationLag
  readonly logger: Logger
}

/** A branch that has not been read yet. */
export function openBranch(options: BranchOptions): Branch {
  const { client, name, repository, comparisons, lag, logger } = options
  /** Where the branch was last read or moved to. */
  let known: { readonly commit: CommitHash; readonly tree?: string } | null = null

  async function readState(signal: AbortSignal): Promise<BranchState> {
    const state = await client.send(readBranch(name), signal)
    // GitHub also responds "not found" if the token does not permit seeing the repository.
    if (state === 'missing') await repository.assertExists(signal)
    return state
  }

  /** Whether what was read may be older than what is known. */
  async function mayBeOutdated(found: CommitHash | null, signal: AbortSignal): Promise<boolean> {
    if (known === null || known.commit === found) return false
    const relation = found === null ? 'behind' : (await comparisons(known.commit, found, signal)).relation
    return (relation === 'behind' || relation === 'unknown') && !lag.hasOutlastedReplicationLag()
  }

  async function headOf(state: BranchState, signal: AbortSignal): Promise<CommitHash | null> {
    const found = typeof state === 'object' ? state.head : null
    if (known !== null && (await mayBeOutdated(found, signal))) return known.commit
    lag.reset()
    if (found !== known?.commit) known = found === null ? null : { commit: found }
    return found
  }

  const head = async (signal: AbortSignal): Promise<CommitHash | null> =>
    headOf(await readState(signal), signal)

  async function initialize(signal: AbortSignal): Promise<Base> {
    const defaultBranch = await repository.assertWritable(signal)
    const first = await client.send(initializeRepository(), signal)
    if (first === null) throw staleHead()
    logger.info({ commit: first.commit }, 'empty GitHub repository initialized on its default branch')
    if (defaultBranch !== name) return { commit: null, tree: null }
    known = first
    return first
  }

  async function move(parent: CommitHash | null, tip: CommitHash, signal: AbortSignal): Promise<void> {
    throwIfAborted(signal)
    const request = parent === null ? createBranch(name, tip) : moveBranch(name, tip)
    try {
      await client.send(request, signal)
    } catch (error) {
      if (signal.aborted)
        throw new GitSyncError('unknown-outcome', 'aborted while the branch was being moved')
      if (!(error instanceof GitSyncError)) throw error
      if (error.code === 'unavailable') await confirmMove({ parent, tip, failure: error }, signal)
      else if (error.code === 'stale-head' && parent === null) await confirmCreation(tip, signal)
      else throw error
    }
  }

  /** Resolves if an earlier attempt has created the branch. (Moving a branch to where it is succeeds by itself.) */
  async function confirmCreation(tip: CommitHash, signal: AbortSignal): Promise<void> {
    const found = await head(signal)
    if (found === null) throw new GitSyncError('unavailable', 'GitHub cannot see the new branch yet')
    if (found !== tip) throw staleHead()
  }

  /** Resolves if the branch was moved although there was no clear response: by reading it, never by guessing. */
  async function confirmMove(
    { parent, tip, failure }: { parent: CommitHash | null; tip: CommitHash; failure: GitSyncError },
    signal: AbortSignal,
  ): Promise<void> {
    logger.info({ reason: failure.message }, 'no clear response to moving the branch; reading it')
    try {
      const found = await head(signal)
      if (found === tip) return
      // If GitHub still moves it later, the next attempt finds the branch moved.
      if (found === parent) throw failure
      const relation = found === null ? 'behind' : (await comparisons(tip, found, signal)).relation
      if (relation === 'ahead') return
      if (relation !== 'unknown') throw staleHead()
    } catch (error) {
      if (error === failure || (error as GitSyncError).code === 'stale-head') throw error
    }
    throw new GitSyncError(
      'unknown-outcome',
      `${failure.message}; and the branch could not be read afterwards`,
    )
  }

  return {
    head,

    async baseOf(parent, signal) {
      if (parent === null || known?.commit !== parent) {
        const state = await readState(signal)
        if ((await headOf(state, signal)) !== parent) throw staleHead()
        if (parent === null) return state === 'empty' ? initialize(signal) : { commit: null, tree: null }
      }
      const tree = known?.tree ?? (await client.send(treeOfCommit(parent), signal))
      if (tree === null) throw new GitSyncError('unavailable', 'GitHub cannot see the tip of the branch yet')
      return { commit: parent, tree }
    },

    async publish(parent, tip, signal) {
      throwIfAborted(signal)
      // Without knowing that the branch is at `parent`: a fast-forward would also publish what lies in between.
      const found = parent === (known?.commit ?? null) ? parent : await head(signal)
      if (found !== tip.commit) {
        if (found !== parent) throw staleHead()
        await move(parent, tip.commit, signal)
      }
      known = tip
      lag.reset()
    },
  }
}
