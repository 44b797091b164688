import type { CommitHash } from '../../git-backend.js'
import { hasCommit, localHead } from '../git/commands.js'
import type { Git } from '../git/git.js'
import type { Repository } from '../repository.js'
import type { Destination } from './destination.js'

/**
 * Fetches the branch, so that the local repository has at least its history after `cursor` (`null`: all of it), and
 * resolves with its tip, or `null` while it does not exist.
 */
export type FetchSince = (cursor: CommitHash | null, signal: AbortSignal) => Promise<CommitHash | null>

/** What {@link createShallowFetch} needs. */
export interface ShallowFetchOptions {
  readonly git: Git
  readonly branch: string
  readonly destination: Pick<Destination, 'begin' | 'fetch'>
  readonly repository: Pick<Repository, 'isShallow' | 'startOver'>
}

/**
 * Creates a {@link FetchSince} that fetches no history before the cursor into an empty repository. If the history of a
 * shallow one begins later, it starts over.
 */
export function createShallowFetch(options: ShallowFetchOptions): FetchSince {
  const { git, branch, destination, repository } = options

  return async function fetchSince(cursor, signal) {
    if (cursor !== null && (await git.run(localHead(branch), signal)) === null) {
      await destination.begin(cursor, signal)
    }
    const head = await destination.fetch(signal)
    if (!(await repository.isShallow())) return head
    if (cursor !== null && (await git.run(hasCommit(cursor), signal))) return head
    await repository.startOver(signal)
    if (cursor !== null) await destination.begin(cursor, signal)
    return destination.fetch(signal)
  }
}
