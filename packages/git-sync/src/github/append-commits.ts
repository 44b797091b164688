import { assertAppendRequest } from '../append-request.js'
import type { AppendRequest, CommitHash, FileChange, GitBackend, PreparedAppend } from '../git-backend.js'
import { GitSyncError } from '../git-sync-error.js'
import type { Operations } from '../operations.js'
import type { BatchSize } from './batch-size.js'
import type { Base, Branch, Tip } from './branch.js'
import type { GithubClient } from './github-client.js'
import { createBlob, createCommit, createTree, type NewTreeEntry } from './object-calls.js'
import type { Repository } from './repository.js'
import type { Trees } from './trees.js'

/** The tree of a commit without files, which every repository has without being given it. */
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'
const FILE = { mode: '100644', type: 'blob' } as const

/** What {@link createPrepare} needs. */
export interface PrepareDependencies {
  readonly client: GithubClient
  readonly branch: Branch
  readonly repository: Pick<Repository, 'assertWritable'>
  readonly operations: Pick<Operations, 'perform'>
  readonly trees: Trees
  readonly batchSize: BatchSize
}

/** Writes commits that no branch has yet; publishing moves the branch to them. */
export function createPrepare(dependencies: PrepareDependencies): GitBackend['prepare'] {
  const { client, branch, repository, operations, trees, batchSize } = dependencies
  /** The last commit that was built here: the next one may stand on it before it is published. */
  let built: Tip | null = null

  return function prepare(request, { signal: outer } = {}) {
    return operations.perform(outer, async (signal) => {
      assertAppendRequest(request)
      await repository.assertWritable(signal)
      client.assertMayWrite(writesOf(request))
      const base = built?.commit === request.parent ? built : await branch.baseOf(request.parent, signal)
      const { hashes, tip } = await buildCommits(base, request, signal)
      built = tip
      return { hashes, publish: publishing(base.commit, tip) }
    })
  }

  function publishing(parent: CommitHash | null, tip: Tip): PreparedAppend['publish'] {
    return ({ signal: outer } = {}) =>
      operations.perform(outer, async (signal) => {
        await branch.publish(parent, tip, signal)
        batchSize.succeeded()
      })
  }

  async function buildCommits(
    base: Base,
    { commits }: AppendRequest,
    signal: AbortSignal,
  ): Promise<{ hashes: CommitHash[]; tip: Tip }> {
    let { tree, commit: parent } = base
    const hashes: CommitHash[] = []
    for (const draft of commits) {
      tree = await writeTree(tree, draft.files, signal)
      parent = await client.send(createCommit(draft, { tree, parent }), signal)
      hashes.push(parent)
    }
    return { hashes, tip: { commit: parent as CommitHash, tree: tree as string } }
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
