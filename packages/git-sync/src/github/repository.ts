import { GitSyncError } from '../git-sync-error.js'
import type { Logger } from '../logger.js'
import { type RepositoryFacts, readRepository } from './api/branch-requests.js'
import type { GithubClient } from './api/client.js'

/** The repository as a whole: whether it exists and can be written to. */
export interface Repository {
  /** Reads it once; throws `not-found` if it does not exist or the token does not permit seeing it. */
  open(signal: AbortSignal): Promise<void>
  /** Throws `not-found` if the repository no longer exists. */
  assertExists(signal: AbortSignal): Promise<void>
  /**
   * Throws `forbidden` while the repository is archived or disabled, or the token is read-only. Resolves with the name
   * of the default branch.
   */
  assertWritable(signal: AbortSignal): Promise<string>
}

/** A repository that has not been read yet. */
export function createRepository(client: GithubClient, logger: Logger): Repository {
  let facts: RepositoryFacts | null = null

  async function read(signal: AbortSignal): Promise<RepositoryFacts> {
    const found = await client.send(readRepository(), signal)
    if (facts === null && !found.isPrivate) {
      logger.warn({}, 'the GitHub repository is public: everything written there can be read by anyone')
    }
    facts = found
    return found
  }

  return {
    async open(signal) {
      if (facts === null) await read(signal)
    },
    async assertExists(signal) {
      await read(signal)
    },
    async assertWritable(signal) {
      // What forbids writing may have been fixed since.
      const current = facts === null || obstacle(facts) ? await read(signal) : facts
      const reason = obstacle(current)
      if (reason) throw new GitSyncError('forbidden', reason)
      return current.defaultBranch
    },
  }
}

function obstacle({ isArchived, isDisabled, isReadOnly }: RepositoryFacts): string | null {
  if (isArchived) return 'the GitHub repository is archived: it is read-only'
  if (isDisabled) return 'the GitHub repository has been disabled'
  if (isReadOnly) return 'the GitHub token is read-only; it needs "Contents: read and write"'
  return null
}
