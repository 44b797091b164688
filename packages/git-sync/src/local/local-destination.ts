import { GitSyncError, throwIfAborted } from '../git-sync-error.js'
import { localHead, moveBranch } from './commands.js'
import type { Destination } from './destination.js'
import type { Git } from './git.js'
import { NEVER_ABORTED } from './never-aborted.js'

/** Our own branch counts, because there is no remote: it is moved by compare-and-swap. */
export function createLocalDestination(git: Git, branch: string): Destination {
  const head: Destination['head'] = (signal) => git.run(localHead(branch), signal)
  return {
    head,
    bring: head,
    async publish({ parent, tip }, signal) {
      throwIfAborted(signal)
      try {
        await git.run(moveBranch(branch, parent, tip), NEVER_ABORTED)
      } catch (failure) {
        const found = await head(NEVER_ABORTED)
        if (found === tip) return
        if (found === parent) throw failure
        throw new GitSyncError('stale-head', `the branch is at ${found}, not at ${parent}`)
      }
    },
  }
}
