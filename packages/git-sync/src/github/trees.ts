import { GitSyncError } from '../git-sync-error.js'
import type { GithubClient } from './github-client.js'
import { readTree, type TreeEntry } from './object-calls.js'

/** Folders that are kept; the next commit has most of them unchanged. */
const KEPT = 64

/** Reads the folders of commits. */
export interface Trees {
  /** What is in a folder; nothing, where there is none. */
  entries(tree: string | null, signal: AbortSignal): Promise<readonly TreeEntry[]>
  /** What is at a path below a folder. */
  find(tree: string | null, path: string, signal: AbortSignal): Promise<TreeEntry | null>
}

/** A reader that keeps what it has read last. */
export function createTrees(client: GithubClient): Trees {
  const kept = new Map<string, readonly TreeEntry[]>()

  const entries: Trees['entries'] = async (tree, signal) => {
    if (tree === null) return []
    const read = kept.get(tree) ?? (await client.send(readTree(tree), signal))
    if (read === 'too-large') {
      throw new GitSyncError('misconfigured', 'a folder of the repository is too large for GitHub to list')
    }
    kept.delete(tree)
    kept.set(tree, read)
    const [oldest] = kept.keys()
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest)
    return read
  }

  return {
    entries,
    async find(tree, path, signal) {
      let folder = tree
      let found: TreeEntry | null = null
      for (const name of path.split('/')) {
        if (found !== null && found.type !== 'tree') return null
        found = (await entries(folder, signal)).find((entry) => entry.path === name) ?? null
        if (found === null) return null
        folder = found.sha
      }
      return found
    },
  }
}
