import { branchOf, type MemoryRepository } from '@gitmsg/git-sync/memory'

/** Removes the last commits of the branch, as a restored backup or a forced push would. */
export function rollBack(repository: MemoryRepository, commits: number): void {
  const branch = branchOf(repository, 'main')
  branch.commits.splice(Math.max(0, branch.commits.length - commits))
  branch.tree.clear()
  for (const { path, content } of branch.commits.flatMap(({ files }) => files)) {
    if (content) branch.tree.set(path, content)
    else branch.tree.delete(path)
  }
}
