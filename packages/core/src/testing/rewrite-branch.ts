import { hashCommit, type RecordedCommit, type RecordedFile } from '@gitmsg/git-sync'
import { branchOf, type MemoryRepository } from '@gitmsg/git-sync/memory'

/**
 * Rewrites the history of the branch, as `gitmsg purge` or a forced push would: from the first commit that changes on,
 * commits have other hashes.
 *
 * @param rewrite what a commit has instead; `null` leaves the commit out
 */
export function rewriteBranch(
  repository: MemoryRepository,
  rewrite: (commit: RecordedCommit, index: number) => readonly RecordedFile[] | null,
): void {
  const branch = branchOf(repository, 'main')
  const commits = branch.commits.splice(0)
  branch.tree.clear()
  for (const [index, commit] of commits.entries()) {
    const files = rewrite(commit, index)
    if (!files) continue
    const changes = files.map(({ path, content }) => ({ path, content }))
    const hash = hashCommit(branch.commits.at(-1)?.hash ?? null, { ...commit, files: changes })
    branch.commits.push({ ...commit, hash, files: branch.apply(changes) })
  }
}

/** Removes the last commits of the branch, as a restored backup or a forced push would. */
export function rollBack(repository: MemoryRepository, commits: number): void {
  const { length } = branchOf(repository, 'main').commits
  rewriteBranch(repository, ({ files }, index) => (index < length - commits ? files : null))
}
