import { GitSyncError } from '../../git-sync-error.js'
import type { LocalParts } from '../assemble.js'
import * as commands from '../git/commands.js'
import { NEVER_ABORTED } from '../git/git-command.js'
import { type Destination, type Publication, staleHead } from '../publish/destination.js'
import { parsePushResult } from '../publish/push-result.js'

/**
 * Moves the branch from `parent` to `tip`, which does not contain it: the only place that forces. If the branch is
 * elsewhere, throws `stale-head` and changes nothing.
 */
export async function replaceBranch(
  { git, branch, remote, timeouts }: LocalParts,
  { destination, parent, tip }: { destination: Destination; parent: string; tip: string },
  signal: AbortSignal,
): Promise<void> {
  if (remote === null) return destination.publish({ parent, tip }, signal)
  const push = commands.pushCommit(remote.url, branch, {
    tip,
    replacing: parent,
    idleTimeoutMs: timeouts.transfer,
    sentTimeoutMs: timeouts.finish,
  })
  const result = parsePushResult(await git.output(push, signal), commands.branchRef(branch))
  if (result.kind === 'rejected') throw new GitSyncError('rejected', result.reason)
  if (result.kind === 'stale') throw staleHead(await destination.head(signal).catch(() => null), parent)
  if (result.kind === 'unclear') await confirm(destination, { parent, tip }, result.failure)
  await git.run(commands.mirrorBranch(branch, tip), NEVER_ABORTED)
}

/** Finds out what became of a push without a clear result, by reading the branch. */
async function confirm(
  destination: Destination,
  { parent, tip }: Publication,
  failure: GitSyncError,
): Promise<void> {
  const found = await destination.head(NEVER_ABORTED).catch((cause) => {
    const reason = `${failure.message}; the remote could not be read afterwards`
    throw new GitSyncError('unknown-outcome', reason, { cause })
  })
  if (found === parent) throw failure
  if (found !== tip) throw staleHead(found, parent)
}
