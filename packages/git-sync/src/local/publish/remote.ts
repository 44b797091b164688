import { GitSyncError } from '../../git-sync-error.js'
import type { Logger } from '../../logger.js'
import * as commands from '../git/commands.js'
import type { Destination, Publication } from './destination.js'
import type { Git } from '../git/git.js'
import { mayHaveBeenSent } from '../git/failure.js'
import { NEVER_ABORTED } from '../git/never-aborted.js'
import { readPushAnswer } from './push-result.js'
import type { Timeouts } from '../timeouts.js'

/** What {@link createRemoteDestination} needs. */
export interface RemoteDestinationOptions {
  readonly git: Git
  readonly branch: string
  readonly url: string
  readonly timeouts: Timeouts
  readonly logger: Logger
}

/**
 * The remote's branch counts; ours is a copy of it, for plain git to read.
 *
 * A plain push lets the remote check that its branch only moves forward. That is not quite a comparison with
 * `parent`: if the remote lost commits meanwhile (it was rolled back, or its branch deleted), a push brings
 * them back together with the new ones. Nothing is overwritten by that, and a warning is logged.
 */
export function createRemoteDestination(options: RemoteDestinationOptions): Destination {
  const { git, branch, url, timeouts, logger } = options

  const head: Destination['head'] = (signal) =>
    git.run(commands.remoteHead(url, branch, timeouts.query), signal)

  const bring: Destination['bring'] = async (signal) => {
    const tip = await head(signal)
    if (tip === null || tip === (await git.run(commands.localHead(branch), signal))) return tip
    await git.run(commands.fetchBranch(url, branch, timeouts.transfer), signal)
    return git.run(commands.localHead(branch), signal)
  }

  const whatBecameOf = async ({ parent, tip }: Publication, signal: AbortSignal) => {
    const found = await head(signal)
    if (found === tip) return 'published'
    if (found === parent) return 'not published'
    const brought = await bring(signal)
    const contained = brought !== null && (await git.run(commands.isAncestor(tip, brought), signal))
    return contained ? 'published' : 'overtaken'
  }

  /** Settles a push whose answer was lost by reading the branch, never by guessing. */
  const settle = async (publication: Publication, failure: GitSyncError, signal: AbortSignal) => {
    logger.info({ code: failure.code }, 'a push ended without a clear answer; reading the remote')
    const outcome = await whatBecameOf(publication, signal).catch((cause) => {
      const reason = `${failure.message}; and the remote could not be read afterwards`
      throw new GitSyncError('unknown-outcome', reason, { cause })
    })
    if (outcome === 'not published') throw failure
    if (outcome === 'overtaken') throw staleHead()
  }

  const mirror = async ({ parent, tip }: Publication): Promise<void> => {
    try {
      await git.run(commands.moveBranch(branch, parent, tip), NEVER_ABORTED)
    } catch (error) {
      logger.warn({ err: error }, 'the local copy of the branch was not where it should be; it is set again')
      await git.run(commands.mirrorBranch(branch, tip), NEVER_ABORTED)
    }
  }

  const mirrorIfPossible = (publication: Publication): Promise<void> =>
    mirror(publication).catch((error) => {
      // The remote has the commits, which is what counts; the next fetch mends the copy.
      logger.warn({ err: error }, 'the local copy of the branch could not be moved')
    })

  return {
    head,
    bring,
    async publish(publication, signal) {
      const push = commands.pushCommit(url, branch, { tip: publication.tip, patience: timeouts.transfer })
      const answer = await git.ask(push, signal)
      const said = readPushAnswer(answer, commands.branchRef(branch))
      if (said.kind === 'stale') throw staleHead()
      if (said.kind === 'rejected') throw new GitSyncError('rejected', said.reason)
      if (said.kind === 'unclear') {
        if (!mayHaveBeenSent(answer)) throw said.failure
        await settle(publication, said.failure, signal)
      } else if (said.previous !== undefined && said.previous !== publication.parent) {
        logger.warn({ parent: publication.parent }, 'the remote had lost commits; they were restored')
      }
      await mirrorIfPossible(publication)
    },
  }
}

const staleHead = (): GitSyncError => new GitSyncError('stale-head', "the remote's branch has moved")
