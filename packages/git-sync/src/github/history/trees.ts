import { GitSyncError } from '../../git-sync-error.js'
import type { GithubClient } from '../api/client.js'
import { readTree, type TreeEntry } from '../api/object-requests.js'

/** What is cached at most; most folders are unchanged in the next commit. */
const MAX_FOLDERS = 64
const MAX_ENTRIES = 50_000

/** The entries of a folder by their names. */
type Folder = ReadonlyMap<string, TreeEntry>
const NO_ENTRIES: Folder = new Map()

/** Reads the folders of commits. */
export interface Trees {
  /** The entries of a folder; none for `null`. */
  entries(tree: string | null, signal: AbortSignal): Promise<Folder>
  /** The entry at a path below a folder; `null` if there is none. */
  find(tree: string | null, path: string, signal: AbortSignal): Promise<TreeEntry | null>
}

/** A reader that caches the folders it used last. */
export function createTrees(client: GithubClient): Trees {
  const cached = new Map<string, Folder>()
  let cachedEntries = 0

  async function entries(tree: string | null, signal: AbortSignal): Promise<Folder> {
    if (tree === null) return NO_ENTRIES
    const folder = cached.get(tree) ?? (await read(tree, signal))
    cached.delete(tree)
    cached.set(tree, folder)
    return folder
  }

  async function read(tree: string, signal: AbortSignal): Promise<Folder> {
    const listed = await client.send(readTree(tree), signal)
    if (listed === 'too-large') {
      throw new GitSyncError('misconfigured', 'a folder of the repository is too large for GitHub to list')
    }
    cachedEntries += listed.length
    for (const [oldest, { size }] of cached) {
      if (cached.size < MAX_FOLDERS && cachedEntries <= MAX_ENTRIES) break
      cached.delete(oldest)
      cachedEntries -= size
    }
    return new Map(listed.map((entry) => [entry.path, entry]))
  }

  return {
    entries,
    async find(tree, path, signal) {
      let folder = tree
      let found: TreeEntry | null = null
      for (const name of path.split('/')) {
        if (found !== null && found.type !== 'tree') return null
        found = (await entries(folder, signal)).get(name) ?? null
        if (found === null) return null
        folder = found.sha
      }
      return found
    },
  }
}
