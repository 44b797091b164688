import { statfsSync } from 'node:fs'
import * as fs from 'node:fs/promises'
import type { CommitHash } from '../../git-backend.js'
import { GitSyncError, throwIfAborted } from '../../git-sync-error.js'
import type { Logger } from '../../logger.js'
import * as commands from '../git/commands.js'
import type { Git } from '../git/git.js'
import type { GitCommand } from '../git/git-command.js'
import { removeReceivedFiles } from '../upkeep/stale-files.js'

const MEBIBYTE_BYTES = 1024 * 1024
/** A fetch leaves this much of the disk free, or a tenth of a small disk. */
const MIN_FREE_BYTES = 512 * MEBIBYTE_BYTES
const MIN_FREE_SHARE = 0.1
/** A fetch that has received less does not fill the disk. */
const HARMLESS_BYTES = 16 * MEBIBYTE_BYTES

/** What {@link createFetches} needs. */
export interface FetchesOptions {
  readonly git: Git
  /** The directory of the local repository. */
  readonly directory: string
  readonly url: string
  readonly branch: string
  readonly idleTimeoutMs: number
  /** The most that one fetch may receive, compressed. */
  readonly maxBytes: number
  /** The space on the disk, in bytes. Default: as the system reports it. */
  readonly space?: (directory: string) => { readonly free: number; readonly total: number }
  readonly logger: Logger
}

/**
 * What is fetched from the remote. A fetch that receives too much, or leaves too little of the disk, is ended, and what
 * it received is removed. `misconfigured`: the same is not fetched again. Resolves with what git printed.
 */
export interface Fetches {
  /** Fetches the branch up to `tip`. */
  branch(tip: CommitHash, signal: AbortSignal): Promise<string>
  /** Fetches one commit with its files, as the beginning of the local history. */
  beginning(commit: CommitHash, signal: AbortSignal): Promise<string>
}

/** Keeps the beginning of a shallow history. */
const BEGINNING_REF = 'refs/gitmsg/beginning'

type LimitedFetch = (limits: Parameters<typeof commands.fetchBranch>[2]) => GitCommand<string>

/** Creates {@link Fetches}. */
export function createFetches(options: FetchesOptions): Fetches {
  const { git, directory, url, branch, idleTimeoutMs, maxBytes, space = spaceOf, logger } = options
  let tooLarge: { readonly commit: CommitHash; readonly error: GitSyncError } | null = null

  const limitFor = (bytes: number): GitSyncError | null => {
    if (bytes > maxBytes) return tooLargeError(maxBytes)
    if (bytes <= HARMLESS_BYTES) return null
    const { free, total } = space(directory)
    return free < Math.min(MIN_FREE_BYTES, total * MIN_FREE_SHARE) ? diskFullError() : null
  }

  async function fetch(commit: CommitHash, command: LimitedFetch, signal: AbortSignal): Promise<string> {
    if (tooLarge?.commit === commit) throw tooLarge.error
    const limit: { error: GitSyncError | null } = { error: null }
    const limitReceived = (bytes: number): string | null => {
      limit.error ??= limitFor(bytes)
      return limit.error?.message ?? null
    }
    try {
      return await git.run(command({ idleTimeoutMs, limitReceived }), signal)
    } catch (failure) {
      await removeReceivedFiles({ fs, directory, logger }).catch((err) => {
        logger.warn({ err }, 'cannot remove what a fetch that failed has received')
      })
      throwIfAborted(signal)
      const { error } = limit
      if (error?.code === 'misconfigured') tooLarge = { commit, error }
      throw error ?? failure
    }
  }

  return {
    branch: (tip, signal) => fetch(tip, (limits) => commands.fetchBranch(url, branch, limits), signal),
    beginning: (commit, signal) =>
      fetch(commit, (limits) => commands.fetchOnly(url, commit, BEGINNING_REF, limits), signal),
  }
}

const diskFullError = (): GitSyncError =>
  new GitSyncError('unavailable', 'the fetch would have filled the disk of the repository: free space on it')

function tooLargeError(maxBytes: number): GitSyncError {
  const limit = `${Math.ceil(maxBytes / MEBIBYTE_BYTES)} MiB`
  const reason = `the remote's branch has over ${limit} that are not here: remove what does not belong there`
  return new GitSyncError('misconfigured', `${reason}, or raise the limit of a fetch`)
}

function spaceOf(directory: string): { free: number; total: number } {
  const { bavail, blocks, bsize } = statfsSync(directory)
  return { free: bavail * bsize, total: blocks * bsize }
}
