import type { CommitHash, GitBackend, PreparedAppend } from '../git-backend.js'
import { GitSyncError } from '../git-sync-error.js'
import type { Operations } from '../operations.js'
import { assertAppendRequest } from '../validate-request.js'
import { hasCommit } from './commands.js'
import type { Destination } from './destination.js'
import { importCommits } from './fast-import.js'
import type { Git } from './git.js'
import type { Maintenance } from './maintenance.js'
import type { Repository } from './repository.js'

/** What {@link createPrepare} needs. */
export interface PrepareDependencies {
  readonly git: Git
  readonly destination: Destination
  readonly repository: Pick<Repository, 'openings'>
  readonly operations: Pick<Operations, 'perform'>
  readonly maintenance: Pick<Maintenance, 'afterAppend'>
}

/** Appending in two halves: built in our own repository, then published at the destination. */
export function createPrepare(dependencies: PrepareDependencies): GitBackend['prepare'] {
  const { git, destination, repository, operations, maintenance } = dependencies
  /** What we built last, and in which of the repository's openings: it is here then, without asking git. */
  let built: { readonly tip: CommitHash; readonly opening: number } | null = null
  /** The last commits of what was built and, as far as is known, not published. */
  const unpublished = new Set<CommitHash>()
  const isHere = (commit: CommitHash | null): boolean =>
    built !== null && built.tip === commit && built.opening === repository.openings

  const assertParentIsHere = async (parent: CommitHash | null, signal: AbortSignal): Promise<void> => {
    if (parent === null || isHere(parent) || (await git.run(hasCommit(parent), signal))) return
    const head = await destination.bring(signal)
    if (await git.run(hasCommit(parent), signal)) return
    if (head === parent) throw new GitSyncError('corrupt', 'the tip of the branch is missing')
    throw new GitSyncError('stale-head', `the branch is at ${head}, not at ${parent}`)
  }

  /** A plain push would bring the commits beneath along, whatever had become of them. */
  const assertPublished = async (parent: CommitHash | null, signal: AbortSignal): Promise<void> => {
    if (parent === null || !unpublished.has(parent)) return
    if ((await destination.head(signal)) === parent) return
    throw new GitSyncError('stale-head', 'the commits beneath were not published')
  }

  return (request, { signal: outer } = {}) =>
    operations.perform(outer, async (signal) => {
      assertAppendRequest(request)
      const opening = repository.openings
      await assertParentIsHere(request.parent, signal)
      const hashes = await importCommits(git, request, signal)
      const tip = hashes.at(-1) as CommitHash
      built = { tip, opening }
      unpublished.add(tip)
      const publish: PreparedAppend['publish'] = ({ signal: outer } = {}) =>
        operations.perform(outer, async (signal) => {
          if (opening !== repository.openings) {
            throw new GitSyncError('stale-head', 'what was built is gone: the repository was opened anew')
          }
          await assertPublished(request.parent, signal)
          await destination.publish({ parent: request.parent, tip }, signal)
          unpublished.delete(tip)
          maintenance.afterAppend()
        })
      return { hashes, publish }
    })
}
