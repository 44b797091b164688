import type { CommitHash } from '../../git-backend.js'
import { GitSyncError, throwIfAborted } from '../../git-sync-error.js'
import { localHead, moveBranch } from '../git/commands.js'
import type { Git } from '../git/git.js'
import { NEVER_ABORTED } from '../git/git-command.js'

/** Commits that are in the local repository but not yet on the branch. */
export interface Publication {
  /** Where the branch must be; `null` if it must not exist. */
  readonly parent: CommitHash | null
  /** Where it moves to. */
  readonly tip: CommitHash
}

/** The branch that commits are published to: a remote's, or the local one. Everything rejects with a `GitSyncError`. */
export interface Destination {
  /** Resolves with the tip of the branch, or `null` while the branch does not exist. */
  head(signal: AbortSignal): Promise<CommitHash | null>
  /**
   * Makes a commit of the branch the beginning of the local history, which must be empty. Does nothing if the remote
   * does not have it any more, or serves only whole histories.
   */
  begin(commit: CommitHash, signal: AbortSignal): Promise<void>
  /** Like `head`, and the local repository has the commit and its history afterwards, as far back as the local one began. */
  fetch(signal: AbortSignal): Promise<CommitHash | null>
  /** Resolves once the branch is known to contain `tip`. Throws `stale-head` if it was not at `parent`. */
  publish(publication: Publication, signal: AbortSignal): Promise<void>
}

/** The error for a branch that is not at the expected parent. */
export const staleHead = (head: CommitHash | null, parent: CommitHash | null): GitSyncError =>
  new GitSyncError('stale-head', `the branch is at ${head ?? 'no commit'}, not at ${parent ?? 'no commit'}`)

/** Publishes to the local branch, which moves by compare-and-swap. */
export function createLocalDestination(git: Git, branch: string): Destination {
  const head: Destination['head'] = (signal) => git.run(localHead(branch), signal)

  const publish: Destination['publish'] = async ({ parent, tip }, signal) => {
    throwIfAborted(signal)
    try {
      await git.run(moveBranch(branch, parent, tip), NEVER_ABORTED)
    } catch (failure) {
      const found = await head(NEVER_ABORTED)
      if (found === tip) return
      if (found === parent) throw failure
      throw staleHead(found, parent)
    }
  }

  return { head, begin: async () => {}, fetch: head, publish }
}
