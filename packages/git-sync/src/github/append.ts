import type { AppendRequest, BatchLimits, CommitHash, FileChange, GitBackend } from '../git-backend.js'
import { GitSyncError } from '../git-sync-error.js'
import type { Operations } from '../operations.js'
import { assertAppendRequest } from '../validate-request.js'
import type { GithubClient } from './api/client.js'
import { githubFailure } from './api/failure.js'
import { createBlob, createCommit, createTree, type NewTreeEntry } from './api/object-requests.js'
import type { Base, Branch, Tip } from './branch.js'
import type { Trees } from './history/trees.js'
import type { Repository } from './repository.js'

/** The tree of a commit without files; every repository has it. */
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'
const FILE = { mode: '100644', type: 'blob' } as const

/** What {@link createPrepare} needs. */
export interface PrepareDependencies {
  readonly client: GithubClient
  readonly branch: Pick<Branch, 'baseOf' | 'publish'>
  readonly repository: Pick<Repository, 'assertWritable'>
  readonly operations: Pick<Operations, 'perform'>
  readonly trees: Trees
  readonly batchSize: BatchSize
}

/** Creates commits that no branch contains yet; publishing them moves the branch. */
export function createPrepare(dependencies: PrepareDependencies): GitBackend['prepare'] {
  const { client, branch, repository, operations, trees, batchSize } = dependencies
  /** The last commit that was built and is not known to be published: the next one may be built on it. */
  let lastBuilt: Tip | null = null

  return async function prepare(request, { signal: outer } = {}) {
    assertAppendRequest(request)
    return operations.perform(outer, async (signal) => {
      await repository.assertWritable(signal)
      client.assertMayWrite(countWrites(request))
      const base = await baseOf(request.parent, signal)
      const { hashes, tip } = await buildCommits(base, request, signal)
      lastBuilt = tip
      return { hashes, publish: ({ signal: outer } = {}) => publish({ parent: base.commit, tip }, outer) }
    })
  }

  async function baseOf(parent: CommitHash | null, signal: AbortSignal): Promise<Base> {
    return lastBuilt?.commit === parent ? lastBuilt : branch.baseOf(parent, signal)
  }

  function publish(
    { parent, tip }: { parent: CommitHash | null; tip: Tip },
    outer: AbortSignal | undefined,
  ): Promise<void> {
    return operations.perform(outer, async (signal) => {
      try {
        await branch.publish(parent, tip, signal)
      } catch (error) {
        // Nothing can be published on top of it, so the next `prepare` must not build there.
        if (lastBuilt === tip && isFinal(error)) lastBuilt = null
        throw error
      }
      if (lastBuilt === tip) lastBuilt = null
      batchSize.recordSuccess()
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
        content === null ? await removal(base, path, signal) : await addition(path, content, signal)
      if (entry) entries.push(entry)
    }
    if (entries.length === 0) return base ?? EMPTY_TREE
    const tree = await client.send(createTree(entries, base), signal)
    if (typeof tree === 'string') return tree
    const failure = githubFailure(tree.tooMuch)
    if (files.length === 1) throw failure
    batchSize.shrink()
    const reason = `too many files at once for GitHub; the next batch is smaller: ${failure.message}`
    throw new GitSyncError('unavailable', reason)
  }

  /** `null` if there is nothing to remove, which GitHub would reject. */
  async function removal(
    base: string | null,
    path: string,
    signal: AbortSignal,
  ): Promise<NewTreeEntry | null> {
    const found = await trees.find(base, path, signal)
    return found && { path, mode: found.mode, type: found.type, sha: null }
  }

  async function addition(
    path: string,
    content: string | Uint8Array,
    signal: AbortSignal,
  ): Promise<NewTreeEntry> {
    const text = textOf(content)
    if (text !== null) return { path, ...FILE, content: text }
    return { path, ...FILE, sha: await client.send(createBlob(Buffer.from(content)), signal) }
  }
}

const isFinal = (error: unknown): boolean =>
  error instanceof GitSyncError && (error.code === 'stale-head' || error.code === 'rejected')

/** One for each tree, commit and binary file, one to move the branch, one more to initialize an empty repository. */
function countWrites({ parent, commits }: AppendRequest): number {
  const contents = commits.flatMap(({ files }) => files.map(({ content }) => content))
  const binary = contents.filter((content) => content !== null && textOf(content) === null).length
  return 2 * commits.length + binary + 1 + (parent === null ? 1 : 0)
}

/** The content as a tree can carry it, byte for byte; `null` if it is empty, contains NUL or is not UTF-8. */
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

const MAX_FILES = 100
const MAX_BYTES = 1024 * 1024
const MAX_DIVISOR = 128
/** Successes in a row after which a batch may be larger again. */
const SUCCESSES_TO_GROW = 3

/** How much to put into one tree. GitHub documents no limit, so it is learnt from its responses. */
export interface BatchSize {
  readonly limits: BatchLimits
  /** Call when a tree was too much for GitHub. */
  shrink(): void
  /** Call when a batch was published. */
  recordSuccess(): void
}

/** Starts with 100 files of 1 MiB together; halves and doubles. */
export function createBatchSize(): BatchSize {
  let divisor = 1
  let successes = 0
  return {
    get limits() {
      return {
        commits: 1,
        filesPerCommit: Math.max(1, Math.floor(MAX_FILES / divisor)),
        bytes: Math.floor(MAX_BYTES / divisor),
      }
    },
    shrink() {
      divisor = Math.min(divisor * 2, MAX_DIVISOR)
      successes = 0
    },
    recordSuccess() {
      successes += 1
      if (successes < SUCCESSES_TO_GROW || divisor === 1) return
      divisor /= 2
      successes = 0
    },
  }
}
