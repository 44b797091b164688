import { statfsSync } from 'node:fs'
import * as fs from 'node:fs/promises'
import type { CommitHash } from '../../git-backend.js'
import { GitSyncError, throwIfAborted } from '../../git-sync-error.js'
import type { Logger } from '../../logger.js'
import * as commands from '../git/commands.js'
import type { Git } from '../git/git.js'
import { removeReceivedFiles } from '../upkeep/stale-files.js'

const MEBIBYTE_BYTES = 1024 * 1024
/** A fetch leaves this much of the disk free, or a tenth of a small disk. */
const MIN_FREE_BYTES = 512 * MEBIBYTE_BYTES
const MIN_FREE_SHARE = 0.1
/** A fetch that has received less does not fill the disk. */
const HARMLESS_BYTES = 16 * MEBIBYTE_BYTES

/** What {@link createFetchBranch} needs. */
export interface FetchBranchOptions {
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
 * Fetches the branch up to `tip`, and resolves with what git printed. A fetch that receives too much, or leaves too
 * little of the disk, is ended, and what it received is removed. `misconfigured`: the same tip is not fetched again.
 */
export type FetchBranch = (tip: CommitHash, signal: AbortSignal) => Promise<string>

/** Creates a {@link FetchBranch}. */
export function createFetchBranch(options: FetchBranchOptions): FetchBranch {
  const { git, directory, url, branch, idleTimeoutMs, maxBytes, space = spaceOf, logger } = options
  let tooLarge: { readonly tip: CommitHash; readonly error: GitSyncError } | null = null

  const limitFor = (bytes: number): GitSyncError | null => {
    if (bytes > maxBytes) return tooLargeError(maxBytes)
    if (bytes <= HARMLESS_BYTES) return null
    const { free, total } = space(directory)
    return free < Math.min(MIN_FREE_BYTES, total * MIN_FREE_SHARE) ? diskFullError() : null
  }

  return async function fetchBranch(tip, signal) {
    if (tooLarge?.tip === tip) throw tooLarge.error
    const limit: { error: GitSyncError | null } = { error: null }
    const limitReceived = (bytes: number): string | null => {
      limit.error ??= limitFor(bytes)
      return limit.error?.message ?? null
    }
    try {
      return await git.run(commands.fetchBranch(url, branch, { idleTimeoutMs, limitReceived }), signal)
    } catch (failure) {
      await removeReceivedFiles({ fs, directory, logger }).catch((err) => {
        logger.warn({ err }, 'cannot remove what a fetch that failed has received')
      })
      throwIfAborted(signal)
      const { error } = limit
      if (error?.code === 'misconfigured') tooLarge = { tip, error }
      throw error ?? failure
    }
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
