import type { CommitHash } from '../../git-backend.js'
import { GitSyncError } from '../../git-sync-error.js'
import type { ListedCommit } from '../api/history-requests.js'

/** What the list of commits shows before any of them is read. */
export interface Survey {
  /** The commits that only a merge brought: the first parents from the head back do not lead to them. */
  readonly sideLines: ReadonlySet<CommitHash>
  /** The tree of the head. */
  readonly headTree: string
}

/** Goes through the list once. Holds two hashes for each commit meanwhile. */
export async function survey(commits: AsyncIterable<ListedCommit>, head: CommitHash): Promise<Survey> {
  const firstParents = new Map<CommitHash, CommitHash | undefined>()
  let hasMerges = false
  let headTree: string | undefined
  for await (const { hash, parents, tree } of commits) {
    firstParents.set(hash, parents[0])
    hasMerges ||= parents.length > 1
    if (hash === head) headTree = tree
  }
  if (headTree === undefined) throw new GitSyncError('unavailable', 'GitHub does not list the head yet')
  const sideLines = new Set(hasMerges ? firstParents.keys() : [])
  for (let hash: CommitHash | undefined = head; hash !== undefined; hash = firstParents.get(hash)) {
    sideLines.delete(hash)
  }
  return { sideLines, headTree }
}
