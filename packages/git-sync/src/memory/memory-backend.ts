import { abortedError, throwIfAborted } from '../aborted.js'
import { assertAppendRequest } from '../append-request.js'
import { assertBranchName } from '../branch-name.js'
import { withFinalLineEnd } from '../commit-message.js'
import type { AppendRequest, CommitHash, GitBackend } from '../git-backend.js'
import { GitSyncError } from '../git-sync-error.js'
import { assertOptions } from '../options.js'
import { DEFAULT_MAX_FILE_BYTES, isWithin } from '../read-options.js'
import {
  applyFiles,
  branchOf,
  createMemoryRepository,
  hashOf,
  type MemoryFile,
  type MemoryRepository,
} from './memory-repository.js'

/** Options of {@link createMemoryBackend}. */
export interface MemoryBackendOptions {
  /** Default: `main`. */
  readonly branch?: string
  /** Shared with other memory backends, to play several writers. Default: a new one of its own. */
  readonly repository?: MemoryRepository
}

/** A {@link GitBackend} that lives in this process: an honest fake, for tests and for trying things out. */
export function createMemoryBackend(options: MemoryBackendOptions = {}): GitBackend {
  assertOptions(options)
  const { branch: name = 'main', repository = createMemoryRepository() } = options
  assertBranchName(name)
  const branch = branchOf(repository, name)
  const tip = (): CommitHash | null => branch.commits.at(-1)?.hash ?? null
  let closed = false

  const enter = (signal: AbortSignal | undefined): void => {
    if (closed) throw abortedError()
    throwIfAborted(signal)
  }
  const publish = (request: AppendRequest, hashes: readonly CommitHash[]): void => {
    if (request.parent !== tip()) {
      const end = branch.commits.slice(-hashes.length).map(({ hash }) => hash)
      if (end.join() === hashes.join()) return
      throw new GitSyncError('stale-head', `the branch is at ${tip()}, not at ${request.parent}`)
    }
    request.commits.forEach((draft, index) => {
      const files = applyFiles(branch, draft)
      branch.commits.push({
        hash: hashes[index] ?? '',
        author: draft.author,
        authorDate: toSeconds(draft.authorDate),
        committer: draft.committer,
        committerDate: toSeconds(draft.committerDate),
        message: withFinalLineEnd(draft.message),
        files,
      })
    })
  }
  const close = async (): Promise<void> => {
    closed = true
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

    async *changesSince(cursor, { signal, within, maxFileBytes = DEFAULT_MAX_FILE_BYTES } = {}) {
      enter(signal)
      const known = branch.commits.findIndex(({ hash }) => hash === cursor)
      if (cursor !== null && known < 0) {
        throw new GitSyncError('unknown-cursor', 'the branch does not contain the cursor')
      }
      for (const { files, ...commit } of branch.commits.slice(known + 1)) {
        enter(signal)
        const wanted = files.filter(({ path }) => isWithin(path, within))
        yield { ...commit, files: wanted.map((file) => recorded(file, maxFileBytes)) }
      }
    },

    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Git keeps no fractions of a second. */
const toSeconds = (date: Date): Date => new Date(Math.floor(date.getTime() / 1000) * 1000)

function hashesOf({ parent, commits }: AppendRequest): CommitHash[] {
  const hashes: CommitHash[] = []
  for (const draft of commits) hashes.push(hashOf(hashes.at(-1) ?? parent, draft))
  return hashes
}

function recorded({ path, content }: MemoryFile, maxFileBytes: number) {
  if (content === null) return { path, content }
  if (content.byteLength > maxFileBytes) return { path, content: null, omitted: 'too-large' as const }
  return { path, content: content.slice() }
}
