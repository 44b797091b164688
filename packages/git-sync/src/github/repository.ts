import { GitSyncError } from '../git-sync-error.js'
import type { Logger } from '../logger.js'
import { type RepositoryFacts, readRepository } from './branch-calls.js'
import type { GithubClient } from './github-client.js'

/** The repository as a whole: whether it is there, and may be written to. */
export interface Repository {
  /** Asks GitHub once; throws `not-found` where there is no such repository, or none that may be seen. */
  open(signal: AbortSignal): Promise<void>
  /** Throws `not-found` if the repository is no longer there. */
  assertExists(signal: AbortSignal): Promise<void>
  /** Throws `forbidden` while it is archived or disabled, or the token may not push. Answers the default branch. */
  assertWritable(signal: AbortSignal): Promise<string>
}

/** A repository that nobody has looked at yet. */
export function createRepository(client: GithubClient, logger: Logger): Repository {
  let facts: RepositoryFacts | null = null

  const ask = async (signal: AbortSignal): Promise<RepositoryFacts> => {
    const answer = await client.send(readRepository(), signal)
    if (facts === null && !answer.isPrivate) {
      logger.warn({}, 'the GitHub repository is public: everybody can read what is written there')
    }
    facts = answer
    return answer
  }

  return {
    async open(signal) {
      if (facts === null) await ask(signal)
    },
    async assertExists(signal) {
      await ask(signal)
    },
    async assertWritable(signal) {
      // What forbids writing may have been mended since.
      const current = facts === null || obstacle(facts) ? await ask(signal) : facts
      const reason = obstacle(current)
      if (reason) throw new GitSyncError('forbidden', reason)
      return current.defaultBranch
    },
  }
}

function obstacle({ isArchived, isDisabled, mayNotPush }: RepositoryFacts): string | null {
  if (isArchived) return 'the GitHub repository is archived: it can only be read'
  if (isDisabled) return 'the GitHub repository has been disabled'
  if (mayNotPush)
    return 'the GitHub token may read the repository but not write; it needs "Contents: read and write"'
  return null
}
