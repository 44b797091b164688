import type { CommitHash, GitBackend, OperationOptions, PreparedAppend } from '../git-backend.js'
import { GitSyncError } from '../git-sync-error.js'
import type { Operations } from '../operations.js'
import { assertAppendRequest } from '../validate-request.js'
import { hasCommit } from './git/commands.js'
import { importCommits } from './git/fast-import.js'
import type { Git } from './git/git.js'
import { type Destination, type Publication, staleHead } from './publish/destination.js'
import type { FetchSince } from './publish/fetch-since.js'
import type { Repository } from './repository.js'
import type { Maintenance } from './upkeep/maintenance.js'

/** What {@link createPrepare} needs. */
export interface PrepareDependencies {
  readonly git: Git
  readonly destination: Destination
  readonly fetchSince: FetchSince
  readonly repository: Pick<Repository, 'generation'>
  readonly operations: Pick<Operations, 'perform'>
  readonly maintenance: Pick<Maintenance, 'afterAppend'>
  /** How long git may be silent while it builds commits. */
  readonly idleTimeoutMs: number
}

/** Creates `prepare`: commits are built in the local repository, and then published to the destination. */
export function createPrepare(dependencies: PrepareDependencies): GitBackend['prepare'] {
  const { git, destination, fetchSince, repository, operations, maintenance, idleTimeoutMs } = dependencies
  /** The last commit that was built, and the generation of the repository that has it: saves asking git. */
  let lastBuilt: { readonly tip: CommitHash; readonly generation: number } | null = null
  /** The tips of prepared appends that, as far as is known, are not on the branch. */
  const unpublishedTips = new Set<CommitHash>()

  const isLastBuilt = (commit: CommitHash): boolean =>
    lastBuilt?.tip === commit && lastBuilt.generation === repository.generation

  const assertParentExists = async (parent: CommitHash | null, signal: AbortSignal): Promise<void> => {
    if (parent === null || isLastBuilt(parent) || (await git.run(hasCommit(parent), signal))) return
    const head = await fetchSince(parent, signal)
    if (await git.run(hasCommit(parent), signal)) return
    if (head === parent) throw new GitSyncError('corrupt', 'the tip of the branch is missing')
    throw staleHead(head, parent)
  }

  /** A plain push would publish unpublished parents along with the tip. */
  const assertParentPublished = async (parent: CommitHash | null, signal: AbortSignal): Promise<void> => {
    if (parent === null || !unpublishedTips.has(parent)) return
    if ((await destination.head(signal)) === parent) return
    throw new GitSyncError('stale-head', 'the parent was prepared, but not published')
  }

  const publish = async (
    publication: Publication,
    generation: number,
    signal: AbortSignal,
  ): Promise<void> => {
    if (generation !== repository.generation) {
      throw new GitSyncError('stale-head', 'the prepared commits are gone: the repository was reopened')
    }
    await assertParentPublished(publication.parent, signal)
    await destination.publish(publication, signal)
    unpublishedTips.delete(publication.tip)
    maintenance.afterAppend()
  }

  return (request, options = {}) =>
    operations.perform(options.signal, async (signal): Promise<PreparedAppend> => {
      assertAppendRequest(request)
      const { parent } = request
      const { generation } = repository
      await assertParentExists(parent, signal)
      const hashes = await importCommits(git, request, { idleTimeoutMs, signal })
      const tip = hashes.at(-1) as CommitHash
      lastBuilt = { tip, generation }
      unpublishedTips.add(tip)
      return {
        hashes,
        publish: (options: OperationOptions = {}) =>
          operations.perform(options.signal, (signal) => publish({ parent, tip }, generation, signal)),
      }
    })
}
