import type { CommitHash } from '../../git-backend.js'
import { GitSyncError, throwIfAborted } from '../../git-sync-error.js'
import type { Logger } from '../../logger.js'
import * as commands from '../git/commands.js'
import { mayHaveBeenSent, mentionsDamage, reasonIn } from '../git/failure.js'
import type { Git } from '../git/git.js'
import { type GitCommand, NEVER_ABORTED } from '../git/git-command.js'
import type { Timeouts } from '../local-options.js'
import type { Audit } from '../upkeep/audit.js'
import type { Destination, Publication } from './destination.js'
import type { Fetches } from './fetches.js'
import { parsePushResult } from './push-result.js'

/** The remote does not have the commit, serves only the tips of its branches, or only whole histories. */
const CANNOT_BEGIN = /not our ref|unadvertised object|does not support shallow/
const REDIRECTED = /returned error: 30\d/

/** What {@link createRemoteDestination} needs. */
export interface RemoteDestinationOptions {
  readonly git: Git
  readonly branch: string
  readonly url: string
  readonly timeouts: Timeouts
  readonly fetches: Fetches
  readonly audit: Pick<Audit, 'investigate'>
  readonly logger: Logger
}

/**
 * Publishes to the remote's branch with `git push`; the local branch is a copy of it, for plain git to read.
 *
 * A plain push lets the remote check that its branch only moves forward. That is not quite a comparison with
 * `parent`: if the remote has lost commits (it was rolled back, or its branch deleted), a push restores them
 * together with the new ones. Nothing is overwritten, and a warning is logged.
 */
export function createRemoteDestination(options: RemoteDestinationOptions): Destination {
  const { git, branch, url, timeouts, fetches, audit, logger } = options

  /** Only our own git, about our own repository, can tell that it is damaged: a remote may print anything. */
  const failed = async (failure: unknown, signal: AbortSignal): Promise<never> => {
    if (!(failure instanceof GitSyncError)) throw failure
    if (mentionsDamage(failure.message)) await audit.investigate(signal)
    throw REDIRECTED.test(failure.message) ? await redirected(failure, signal) : failure
  }

  const redirected = async (failure: GitSyncError, signal: AbortSignal): Promise<GitSyncError> => {
    const target = await git.run(commands.redirectTarget(url, timeouts.query), signal).catch(() => null)
    const where = target === null ? '' : ` to ${reasonIn(target)}`
    const reason = `the remote redirects${where}: set its final address, often only ".git" is missing at the end`
    return new GitSyncError('misconfigured', `${reason} (${failure.message})`, { cause: failure })
  }

  const contact = <Result>(command: GitCommand<Result>, signal: AbortSignal): Promise<Result> =>
    git.run(command, signal).catch((failure) => failed(failure, signal))

  const head = (signal: AbortSignal): Promise<CommitHash | null> =>
    contact(commands.remoteHead(url, branch, timeouts.query), signal)

  const fetchTip = async (signal: AbortSignal): Promise<CommitHash | null> => {
    const tip = await head(signal)
    const before = await git.run(commands.localHead(branch), signal)
    if (tip === null || tip === before) return tip
    const printed = await fetches.branch(tip, signal).catch((failure) => failed(failure, signal))
    const after = await git.run(commands.localHead(branch), signal)
    // Another commit is what the remote's branch moved to meanwhile; the same commit means that git refused to move.
    if (after === null || (after === before && after !== tip)) throw notFetched(printed)
    return after
  }

  const begin = async (commit: CommitHash, signal: AbortSignal): Promise<void> => {
    try {
      await fetches.beginning(commit, signal)
    } catch (failure) {
      throwIfAborted(signal)
      if (!(failure instanceof GitSyncError && CANNOT_BEGIN.test(failure.message)))
        await failed(failure, signal)
    }
  }

  const outcomeOf = async ({ parent, tip }: Publication, signal: AbortSignal) => {
    const found = await head(signal)
    if (found === tip) return 'published'
    if (found === parent) return 'not-published'
    const fetched = await fetchTip(signal)
    const isContained = fetched !== null && (await git.run(commands.isAncestor(tip, fetched), signal))
    return isContained ? 'published' : 'overtaken'
  }

  /** Finds out what became of a push without a clear result, by reading the branch; never by guessing. */
  const confirm = async (publication: Publication, failure: GitSyncError, signal: AbortSignal) => {
    logger.info({ code: failure.code }, 'push result unclear: reading the remote branch')
    const outcome = await outcomeOf(publication, signal).catch((cause) => {
      const reason = `${failure.message}; the remote could not be read afterwards`
      throw new GitSyncError('unknown-outcome', reason, { cause })
    })
    if (outcome === 'not-published') await failed(failure, signal)
    if (outcome === 'overtaken') throw remoteHasMoved()
  }

  const moveLocalCopy = async ({ parent, tip }: Publication): Promise<void> => {
    try {
      await git.run(commands.moveBranch(branch, parent, tip), NEVER_ABORTED)
    } catch (error) {
      logger.warn({ err: error }, 'local copy of the branch was at the wrong commit: resetting it')
      await git.run(commands.mirrorBranch(branch, tip), NEVER_ABORTED)
    }
  }

  /** Never fails: the remote has the commits already, and the next fetch repairs the copy. */
  const updateLocalCopy = (publication: Publication): Promise<void> =>
    moveLocalCopy(publication).catch((error) => {
      logger.warn({ err: error }, 'cannot update the local copy of the branch')
    })

  const publish: Destination['publish'] = async (publication, signal) => {
    const { parent, tip } = publication
    const push = commands.pushCommit(url, branch, {
      tip,
      idleTimeoutMs: timeouts.transfer,
      sentTimeoutMs: timeouts.finish,
    })
    const output = await git.output(push, signal)
    const result = parsePushResult(output, commands.branchRef(branch))
    if (result.kind === 'stale') throw remoteHasMoved()
    if (result.kind === 'rejected') throw new GitSyncError('rejected', result.reason)
    if (result.kind === 'unclear') {
      if (!mayHaveBeenSent(output)) await failed(result.failure, signal)
      await confirm(publication, result.failure, signal)
    } else if (result.previous !== undefined && result.previous !== parent) {
      logger.warn({ parent }, 'remote had lost commits: restored')
    }
    await updateLocalCopy(publication)
  }

  return { head, begin, fetch: fetchTip, publish }
}

function notFetched(printed: string): GitSyncError {
  if (!printed.includes('shallow')) {
    return new GitSyncError('unavailable', `git fetch did not fetch the branch: ${reasonIn(printed)}`)
  }
  const reason =
    "the remote is a shallow clone, without the beginning of its history: use another remote, or run 'git fetch --unshallow' in it"
  return new GitSyncError('misconfigured', reason)
}

const remoteHasMoved = (): GitSyncError => new GitSyncError('stale-head', "the remote's branch has moved")
