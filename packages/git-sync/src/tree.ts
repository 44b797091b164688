import type { FileChange } from './git-backend.js'

/** What a commit really did to one file; `content: null` if it removed it. */
export interface TreeChange {
  /** Relative, separated by `/`. */
  readonly path: string
  /** The file's bytes after the commit. */
  readonly content: Uint8Array | null
}

/** The files at the tip of a branch, in memory; see {@link createTree}. */
export interface Tree {
  /** The content of each file, by its path. */
  readonly files: ReadonlyMap<string, Uint8Array>
  /**
   * Writes the files of one commit and returns what that really changed, in Git's order. A file that already has this
   * content, or is not there to be removed, is not a change. A file replaces a folder of its name and a folder
   * replaces a file, as in Git; what was there before is returned as removed. Bytes are copied.
   */
  apply(files: readonly FileChange[]): TreeChange[]
}

/**
 * A tree of files in memory, for backends whose storage is not Git: it knows what a commit changes.
 *
 * @param files the files to start with; kept up to date by {@link Tree.apply}
 * @example
 * const tree = createTree()
 * tree.apply([{ path: 'notes/1', content: 'a' }]) // [{ path: 'notes/1', content: <61> }]
 * tree.apply([{ path: 'notes', content: 'b' }]) // [{ path: 'notes', content: <62> }, { path: 'notes/1', content: null }]
 * tree.apply([{ path: 'notes', content: 'b' }]) // []
 */
export function createTree(files: Map<string, Uint8Array> = new Map()): Tree {
  /** Every folder that ever held a file: saves searching all paths for most files. */
  const folders = new Set([...files.keys()].flatMap(foldersOf))

  return {
    files,
    apply(changes) {
      const before = new Map<string, Uint8Array | null>()

      function set(path: string, content: Uint8Array | null): void {
        if (!before.has(path)) before.set(path, files.get(path) ?? null)
        if (content === null) files.delete(path)
        else files.set(path, content)
      }

      for (const { path, content } of changes) {
        if (folders.has(path)) for (const inner of pathsBelow(path, files)) set(inner, null)
        set(path, content === null ? null : new Uint8Array(Buffer.from(content)))
        if (content === null) continue
        for (const folder of foldersOf(path)) {
          folders.add(folder)
          if (files.has(folder)) set(folder, null)
        }
      }

      return [...before]
        .filter(([path, content]) => !isSame(content, files.get(path) ?? null))
        .map(([path]) => ({ path, content: files.get(path) ?? null }))
        .sort(byPath)
    },
  }
}

const pathsBelow = (folder: string, files: ReadonlyMap<string, unknown>): string[] =>
  [...files.keys()].filter((path) => path.startsWith(`${folder}/`))

const foldersOf = (path: string): string[] =>
  [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index))

/** Whether two files are the same, byte for byte; `null`: there is none. */
export const isSame = (one: Uint8Array | null, other: Uint8Array | null): boolean =>
  one === other || (one !== null && other !== null && Buffer.compare(one, other) === 0)

/** Git's order: by the bytes of the path. */
export const byPath = (one: { path: string }, other: { path: string }): number =>
  Buffer.compare(Buffer.from(one.path), Buffer.from(other.path))
