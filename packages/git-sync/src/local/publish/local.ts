import { throwIfAborted } from '../../git-sync-error.js'
import { localHead, moveBranch } from '../git/commands.js'
import type { Git } from '../git/git.js'
import { NEVER_ABORTED } from '../git/git-command.js'
import { type Destination, staleHead } from './destination.js'

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

  return { head, fetch: head, publish }
}
