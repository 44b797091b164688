import type { AppendRequest, CommitHash, GitBackend, RecordedCommit } from '../git-backend.js'
import { abortedError, GitSyncError, throwIfAborted } from '../git-sync-error.js'
import { hashCommit, recordCommit, selectFiles } from '../record-commit.js'
import { createTree, type Tree } from '../tree.js'
import { assertBranchName, assertOptions } from '../validate-options.js'
import { assertAppendRequest } from '../validate-request.js'

/** Options of {@link createMemoryBackend}. */
export interface MemoryBackendOptions {
  /** Default: `main`. */
  readonly branch?: string
  /** Shared with other memory backends, to play several writers. Default: a new one. */
  readonly repository?: MemoryRepository
}

const KNOWN_OPTIONS = { branch: true, repository: true } satisfies Record<keyof MemoryBackendOptions, true>

/**
 * A {@link GitBackend} that lives in this process, for tests and first steps. It keeps the whole contract.
 *
 * @example
 * const backend = createMemoryBackend()
 * await append(backend, { parent: await backend.head(), commits })
 */
export function createMemoryBackend(options: MemoryBackendOptions = {}): GitBackend {
  assertOptions(options, KNOWN_OPTIONS)
  const { branch: name = 'main', repository = createMemoryRepository() } = options
  assertBranchName(name)
  const branch = branchOf(repository, name)
  let isClosed = false

  const tip = (): CommitHash | null => branch.commits.at(-1)?.hash ?? null

  function enter(signal: AbortSignal | undefined): void {
    if (isClosed) throw abortedError()
    throwIfAborted(signal)
  }

  function publish({ parent, commits }: AppendRequest, hashes: readonly CommitHash[]): void {
    if (parent !== tip()) {
      const end = branch.commits.slice(-hashes.length).map(({ hash }) => hash)
      if (end.join() === hashes.join()) return
      throw new GitSyncError('stale-head', `the branch is at ${tip()}, not at ${parent}`)
    }
    for (const [index, draft] of commits.entries()) {
      branch.commits.push(recordCommit(hashes[index] as CommitHash, draft, branch.apply(draft.files)))
    }
  }

  async function close(): Promise<void> {
    isClosed = true
  }

  return {
    info: {
      name: 'memory',
      branch: name,
      remote: null,
      limits: { commits: 1000, filesPerCommit: 1, bytes: 16 * 1024 * 1024 },
      preparesAhead: true,
    },

    async head({ signal } = {}) {
      enter(signal)
      return tip()
    },

    async prepare(request, { signal } = {}) {
      enter(signal)
      assertAppendRequest(request)
      const hashes = hashesOf(request)
      return {
        hashes,
        async publish({ signal } = {}) {
          enter(signal)
          publish(request, hashes)
        },
      }
    },

    async *changesSince(cursor, { signal, ...reading } = {}) {
      enter(signal)
      const position = branch.commits.findIndex(({ hash }) => hash === cursor)
      if (cursor !== null && position < 0) {
        throw new GitSyncError('unknown-cursor', 'the branch does not contain the cursor')
      }
      for (const commit of branch.commits.slice(position + 1)) {
        enter(signal)
        yield selectFiles(commit, reading, branch.tree)
      }
    },

    close,
    [Symbol.asyncDispose]: close,
  }
}

function hashesOf({ parent, commits }: AppendRequest): CommitHash[] {
  const hashes: CommitHash[] = []
  for (const draft of commits) hashes.push(hashCommit(hashes.at(-1) ?? parent, draft))
  return hashes
}

/** One branch and the files at its tip. */
export interface MemoryBranch {
  /** Oldest first. */
  readonly commits: RecordedCommit[]
  /** The content of each file, by its path. */
  readonly tree: Map<string, Uint8Array>
  /** Writes the files of one commit into `tree`. */
  readonly apply: Tree['apply']
}

/** A repository in this process; backends that share one are writers to the same remote. */
export interface MemoryRepository {
  /** By name; only branches that a backend was created for. */
  readonly branches: Map<string, MemoryBranch>
}

/**
 * An empty repository, to share between memory backends.
 *
 * @example
 * const repository = createMemoryRepository()
 * const [one, other] = [createMemoryBackend({ repository }), createMemoryBackend({ repository })]
 */
export const createMemoryRepository = (): MemoryRepository => ({ branches: new Map() })

/** The branch of that name, created if it is missing. */
export function branchOf({ branches }: MemoryRepository, name: string): MemoryBranch {
  const branch = branches.get(name) ?? createBranch()
  branches.set(name, branch)
  return branch
}

function createBranch(): MemoryBranch {
  const tree = new Map<string, Uint8Array>()
  return { commits: [], tree, apply: createTree(tree).apply }
}
