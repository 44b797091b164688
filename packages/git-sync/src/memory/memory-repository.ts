import { createHash } from 'node:crypto'
import { withFinalLineEnd } from '../commit-message.js'
import type { CommitDraft, CommitHash, RecordedCommit } from '../git-backend.js'

/** One file as a commit left it; `null` when the commit removed it. */
export interface MemoryFile {
  /** Relative, separated by `/`. */
  readonly path: string
  /** The file's bytes. */
  readonly content: Uint8Array | null
}

/** One commit as it is kept in memory. */
export interface MemoryCommit extends Omit<RecordedCommit, 'files'> {
  /** What it changed, in the order of the paths. */
  readonly files: readonly MemoryFile[]
}

/** One branch and the files at its tip. */
export interface MemoryBranch {
  /** Oldest first. */
  readonly commits: MemoryCommit[]
  /** The content of each file, by its path. */
  readonly tree: Map<string, Uint8Array>
  /** Every folder that ever held a file. */
  readonly folders: Set<string>
}

/** A repository that lives in this process; backends that are given the same one are writers to one remote. */
export interface MemoryRepository {
  /** By name; a branch that was never asked for is not here. */
  readonly branches: Map<string, MemoryBranch>
}

/** An empty repository, to be shared by any number of memory backends. */
export const createMemoryRepository = (): MemoryRepository => ({ branches: new Map() })

/** The branch of that name, which comes into being here when it is first asked for. */
export function branchOf({ branches }: MemoryRepository, name: string): MemoryBranch {
  const branch = branches.get(name) ?? { commits: [], tree: new Map(), folders: new Set<string>() }
  branches.set(name, branch)
  return branch
}

/** The name of the commit that a draft makes on a parent; depends on nothing else, like Git's own. */
export function hashOf(parent: CommitHash | null, draft: CommitDraft): CommitHash {
  const seconds = (date: Date) => Math.floor(date.getTime() / 1000)
  const head = [
    parent,
    withFinalLineEnd(draft.message),
    [draft.author.name, draft.author.email, seconds(draft.authorDate)],
    [draft.committer.name, draft.committer.email, seconds(draft.committerDate)],
  ]
  const hash = createHash('sha1').update(JSON.stringify(head))
  for (const { path, content } of [...draft.files].sort(byPath)) {
    const bytes = content === null ? null : Buffer.from(content)
    hash.update(JSON.stringify([path, bytes?.byteLength ?? null])).update(bytes ?? '')
  }
  return hash.digest('hex')
}

/** Writes a draft's files into the tree and says what that changed, in Git's order. */
export function applyFiles({ tree, folders }: MemoryBranch, draft: CommitDraft): MemoryFile[] {
  const before = new Map<string, Uint8Array | null>()
  const set = (path: string, content: Uint8Array | null): void => {
    if (!before.has(path)) before.set(path, tree.get(path) ?? null)
    if (content === null) tree.delete(path)
    else tree.set(path, content)
  }

  for (const { path, content } of draft.files) {
    // A file takes the place of a folder, and a folder that of a file, as in a Git tree.
    if (folders.has(path)) for (const other of below(path, tree)) set(other, null)
    set(path, content === null ? null : new Uint8Array(Buffer.from(content)))
    if (content === null) continue
    for (const folder of foldersOf(path)) {
      folders.add(folder)
      if (tree.has(folder)) set(folder, null)
    }
  }

  return [...before]
    .map(([path, old]) => ({ path, old, content: tree.get(path) ?? null }))
    .filter(({ old, content }) => !sameBytes(old, content))
    .map(({ path, content }) => ({ path, content }))
    .sort(byPath)
}

const below = (folder: string, tree: ReadonlyMap<string, unknown>): string[] =>
  [...tree.keys()].filter((path) => path.startsWith(`${folder}/`))

const foldersOf = (path: string): string[] =>
  path
    .split('/')
    .slice(0, -1)
    .map((_, index, segments) => segments.slice(0, index + 1).join('/'))

const sameBytes = (one: Uint8Array | null, other: Uint8Array | null): boolean =>
  one === other || (one !== null && other !== null && Buffer.compare(one, other) === 0)

const byPath = (one: { path: string }, other: { path: string }): number =>
  Buffer.compare(Buffer.from(one.path), Buffer.from(other.path))
