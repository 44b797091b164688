import { throwIfAborted } from '../aborted.js'
import type { CommitHash } from '../git-backend.js'
import { GitSyncError } from '../git-sync-error.js'
import type { Logger } from '../logger.js'
import {
  type BranchState,
  beginRepository,
  createBranch,
  moveBranch,
  readBranch,
  staleHead,
} from './branch-calls.js'
import type { Comparisons } from './comparisons.js'
import type { GithubClient } from './github-client.js'
import { treeOfCommit } from './object-calls.js'
import type { Repository } from './repository.js'
import type { Staleness } from './staleness.js'

/** What a new commit stands on; nothing, at the beginning of a branch. */
export interface Base {
  readonly commit: CommitHash | null
  readonly tree: string | null
}

/** A commit and its tree. */
export interface Tip {
  readonly commit: CommitHash
  readonly tree: string
}

/** The branch on GitHub, and what is known of it, so that most appends have nothing to ask. */
export interface Branch {
  /** Where it is; never behind a commit that it was known to have, unless it has been so for a minute. */
  head(signal: AbortSignal): Promise<CommitHash | null>
  /** Throws `stale-head` unless the branch is at `parent`. Starts the history of an empty repository. */
  baseOf(parent: CommitHash | null, signal: AbortSignal): Promise<Base>
  /**
   * Moves the branch from `parent` to `tip`, or throws `stale-head` if it is at neither. Resolves once it is known to
   * contain `tip`.
   */
  publish(parent: CommitHash | null, tip: Tip, signal: AbortSignal): Promise<void>
}

/** What {@link openBranch} needs. */
export interface BranchOptions {
  readonly client: GithubClient
  readonly name: string
  readonly repository: Repository
  readonly comparisons: Comparisons
  readonly staleness: Staleness
  readonly logger: Logger
}

/** A branch of which nothing is known yet. */
export function openBranch(options: BranchOptions): Branch {
  const { client, name, repository, comparisons, staleness, logger } = options
  let known: { readonly commit: CommitHash; readonly tree?: string } | null = null

  const read = async (signal: AbortSignal): Promise<BranchState> => {
    const state = await client.send(readBranch(name), signal)
    // GitHub says "not found" of repositories that may not be seen, too.
    if (state === 'missing') await repository.assertExists(signal)
    return state
  }

  /** Whether what was read may be older than what is known. */
  const mayBeStale = async (found: CommitHash | null, signal: AbortSignal): Promise<boolean> => {
    if (known === null || known.commit === found) return false
    const relation = found === null ? 'behind' : (await comparisons(known.commit, found, signal)).relation
    return (relation === 'behind' || relation === 'unknown') && !staleness.isCredible()
  }

  const headOf = async (state: BranchState, signal: AbortSignal): Promise<CommitHash | null> => {
    const found = typeof state === 'object' ? state.head : null
    if (known !== null && (await mayBeStale(found, signal))) return known.commit
    staleness.forget()
    if (found !== known?.commit) known = found === null ? null : { commit: found }
    return found
  }

  const begin = async (signal: AbortSignal): Promise<Base> => {
    const defaultBranch = await repository.assertWritable(signal)
    const first = await client.send(beginRepository(), signal)
    if (first === null) throw staleHead()
    logger.info({ commit: first.commit }, 'the empty GitHub repository was begun on its default branch')
    if (defaultBranch !== name) return { commit: null, tree: null }
    known = first
    return first
  }

  /** Settles what had no clear answer by reading the branch, never by guessing. */
  const settle = async (
    { parent, tip }: { parent: CommitHash | null; tip: CommitHash },
    failure: GitSyncError,
    signal: AbortSignal,
  ): Promise<void> => {
    logger.info({ reason: failure.message }, 'moving the branch had no clear answer; reading it')
    try {
      const found = await headOf(await read(signal), signal)
      if (found === tip) return
      // Should it still happen, later than this: then what is tried next finds the branch moved.
      if (found === parent) throw failure
      if (found !== null && (await comparisons(tip, found, signal)).relation === 'ahead') return
    } catch (error) {
      if (error === failure) throw error
      const reason = `${failure.message}; and the branch could not be read afterwards`
      throw new GitSyncError('unknown-outcome', reason)
    }
    throw staleHead()
  }

  return {
    head: async (signal) => headOf(await read(signal), signal),

    async baseOf(parent, signal) {
      if (parent === null || known?.commit !== parent) {
        const state = await read(signal)
        if ((await headOf(state, signal)) !== parent) throw staleHead()
        if (parent === null) return state === 'empty' ? begin(signal) : { commit: null, tree: null }
      }
      const tree = known?.tree ?? (await client.send(treeOfCommit(parent), signal))
      if (tree === null)
        throw new GitSyncError('unavailable', 'GitHub does not know the tip of the branch yet')
      return { commit: parent, tree }
    },

    async publish(parent, tip, signal) {
      throwIfAborted(signal)
      // A fast-forward would also publish whatever lies between the branch and `tip`.
      if (parent !== null && known?.commit !== parent) {
        const found = await headOf(await read(signal), signal)
        if (found === tip.commit) return
        if (found !== parent) throw staleHead()
      }
      const call = parent === null ? createBranch(name, tip.commit) : moveBranch(name, tip.commit)
      try {
        await client.send(call, signal)
      } catch (error) {
        if (signal.aborted)
          throw new GitSyncError('unknown-outcome', 'ended while the branch was being moved')
        if (!(error instanceof GitSyncError) || error.code !== 'unavailable') throw error
        await settle({ parent, tip: tip.commit }, error, signal)
      }
      known = tip
      staleness.forget()
    },
  }
}
