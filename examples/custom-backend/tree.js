import { createHash } from 'node:crypto'

/** Which files there are at the tip of a branch. As in Git, a folder is there while it holds a file. */
export function createTree() {
  const digests = new Map()
  const folders = new Set()

  return {
    /**
     * Writes files (`content: null` removes one, or a folder), and answers those that really changed, by path:
     * also what was in a folder whose place a file takes, or at a path whose place a folder takes.
     */
    apply(files) {
      const before = new Map()
      const after = new Map()
      const set = (path, content) => {
        if (!before.has(path)) before.set(path, digests.get(path))
        after.set(path, content)
        if (content === null) digests.delete(path)
        else digests.set(path, createHash('sha1').update(content).digest('base64'))
      }
      for (const { path, content } of files) {
        if (folders.has(path)) for (const other of below(path, digests)) set(other, null)
        set(path, content)
        if (content === null) continue
        for (const folder of foldersOf(path)) {
          folders.add(folder)
          if (digests.has(folder)) set(folder, null)
        }
      }
      const changed = [...before.keys()].filter((path) => before.get(path) !== digests.get(path))
      return changed.sort().map((path) => ({ path, content: after.get(path) }))
    },
  }
}

const below = (folder, digests) => [...digests.keys()].filter((path) => path.startsWith(`${folder}/`))

const foldersOf = (path) => [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index))
