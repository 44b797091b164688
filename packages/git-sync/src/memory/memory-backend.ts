import type { AppendRequest, CommitHash, GitBackend } from '../git-backend.js'
import { abortedError, GitSyncError, throwIfAborted } from '../git-sync-error.js'
import { hashCommit, recordCommit, selectFiles } from '../record-commit.js'
import { assertBranchName, assertOptions } from '../validate-options.js'
import { assertAppendRequest } from '../validate-request.js'
import { branchOf, createMemoryRepository, type MemoryRepository } from './memory-repository.js'

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
