import { GitSyncError } from '../../git-sync-error.js'
import type { GithubClient } from '../api/client.js'
import { readTree, type TreeEntry } from '../api/object-requests.js'

/** Folders to cache; most are unchanged in the next commit. */
const MAX_CACHED = 64

/** Reads the folders of commits. */
export interface Trees {
  /** The entries of a folder; none for `null`. */
  entries(tree: string | null, signal: AbortSignal): Promise<readonly TreeEntry[]>
  /** The entry at a path below a folder; `null` if there is none. */
  find(tree: string | null, path: string, signal: AbortSignal): Promise<TreeEntry | null>
}

/** A reader that caches the folders it used last. */
export function createTrees(client: GithubClient): Trees {
  const cached = new Map<string, readonly TreeEntry[]>()

  async function entries(tree: string | null, signal: AbortSignal): Promise<readonly TreeEntry[]> {
    if (tree === null) return []
    const read = cached.get(tree) ?? (await client.send(readTree(tree), signal))
    if (read === 'too-large') {
      throw new GitSyncError('misconfigured', 'a folder of the repository is too large for GitHub to list')
    }
    cached.delete(tree)
    cached.set(tree, read)
    const [oldest] = cached.keys()
    if (cached.size > MAX_CACHED && oldest !== undefined) cached.delete(oldest)
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
