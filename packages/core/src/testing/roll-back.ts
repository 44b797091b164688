import { branchOf, type MemoryRepository } from '@gitmsg/git-sync/memory'

/** Takes the last commits off the branch, as a restored backup or a forced push of somebody else's would. */
export function rollBack(repository: MemoryRepository, commits: number): void {
  const branch = branchOf(repository, 'main')
  branch.commits.splice(Math.max(0, branch.commits.length - commits))
  branch.tree.clear()
  for (const { path, content } of branch.commits.flatMap(({ files }) => files)) {
    if (content) branch.tree.set(path, content)
    else branch.tree.delete(path)
  }
}
