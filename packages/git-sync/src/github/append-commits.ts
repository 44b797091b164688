import { throwIfAborted } from '../aborted.js'
import type { AppendRequest, CommitHash, FileChange } from '../git-backend.js'
import { GitSyncError } from '../git-sync-error.js'
import type { BatchSize } from './batch-size.js'
import type { Branch } from './branch.js'
import type { GithubClient } from './github-client.js'
import { createBlob, createCommit, createTree, type NewTreeEntry } from './object-calls.js'
import type { Trees } from './trees.js'

/** The tree of a commit without files, which every repository has without being given it. */
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'
const FILE = { mode: '100644', type: 'blob' } as const

/** What {@link createAppend} needs. */
export interface AppendDependencies {
  readonly client: GithubClient
  readonly branch: Branch
  readonly trees: Trees
  readonly batchSize: BatchSize
}

/** Writes commits that no branch has yet, then moves the branch: until then, nobody sees anything of it. */
export function createAppend({ client, branch, trees, batchSize }: AppendDependencies) {
  return async function append(request: AppendRequest, signal: AbortSignal): Promise<CommitHash[]> {
    throwIfAborted(signal)
    client.assertMayWrite(writesOf(request))
    const base = await branch.baseOf(request.parent, signal)
    let { tree, commit: parent } = base
    const hashes: CommitHash[] = []
    for (const draft of request.commits) {
      tree = await writeTree(tree, draft.files, signal)
      parent = await client.send(createCommit(draft, { tree, parent }), signal)
      hashes.push(parent)
    }
    await branch.publish(base.commit, { commit: parent as string, tree: tree as string }, signal)
    batchSize.succeeded()
    return hashes
  }

  async function writeTree(
    base: string | null,
    files: readonly FileChange[],
    signal: AbortSignal,
  ): Promise<string> {
    const entries: NewTreeEntry[] = []
    for (const { path, content } of files) {
      const entry =
        content === null ? await removal(base, path, signal) : await writing(path, content, signal)
      if (entry) entries.push(entry)
    }
    if (entries.length === 0) return base ?? EMPTY_TREE
    const tree = await client.send(createTree(entries, base), signal)
    if (tree !== 'too-much') return tree
    if (files.length === 1) throw new GitSyncError('rejected', 'GitHub finds this file too large')
    batchSize.shrink()
    throw new GitSyncError('unavailable', 'GitHub could not take so many files at once; fewer are tried next')
  }

  /** GitHub refuses to remove what is not there. */
  async function removal(
    base: string | null,
    path: string,
    signal: AbortSignal,
  ): Promise<NewTreeEntry | null> {
    const found = await trees.find(base, path, signal)
    return found && { path, mode: found.mode, type: found.type, sha: null }
  }

  async function writing(
    path: string,
    content: string | Uint8Array,
    signal: AbortSignal,
  ): Promise<NewTreeEntry> {
    const text = textOf(content)
    if (text !== null) return { path, ...FILE, content: text }
    return { path, ...FILE, sha: await client.send(createBlob(Buffer.from(content)), signal) }
  }
}

/** Every request that writes: one for each tree, commit and binary file, one to move, one to begin the branch. */
function writesOf({ parent, commits }: AppendRequest): number {
  const contents = commits.flatMap(({ files }) => files.map(({ content }) => content))
  const binary = contents.filter((content) => content !== null && textOf(content) === null).length
  return 2 * commits.length + binary + 1 + (parent === null ? 1 : 0)
}

/** The content as a tree can carry it, byte for byte; `null` where it cannot: nothing, NUL, and what is not UTF-8. */
function textOf(content: string | Uint8Array): string | null {
  if (content.length === 0) return null
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
    const text = typeof content === 'string' ? content : decoder.decode(content)
    return text.includes('\0') ? null : text
  } catch {
    return null
  }
}
