import { isCommitHash } from '../append-request.js'
import type { CommitHash, ReadOptions, RecordedCommit } from '../git-backend.js'
import { GitSyncError } from '../git-sync-error.js'
import type { Branch } from './branch.js'
import type { Comparisons } from './comparisons.js'
import type { GithubClient } from './github-client.js'
import { historyBetween, wholeHistory } from './history.js'
import type { ListedCommit } from './history-calls.js'
import { createReadCommit } from './read-commit.js'
import type { Staleness } from './staleness.js'
import type { Trees } from './trees.js'

/** What {@link createChangesSince} needs. */
export interface ChangesSinceDependencies {
  readonly client: GithubClient
  readonly branch: Branch
  readonly comparisons: Comparisons
  readonly trees: Trees
  /** Of the caller's cursor. */
  readonly staleness: Staleness
}

/** Reads the commits after a cursor, one after the other. */
export function createChangesSince(dependencies: ChangesSinceDependencies) {
  const { client, branch, comparisons, staleness } = dependencies
  const readCommit = createReadCommit(dependencies)

  return async function* changesSince(
    cursor: CommitHash | null,
    options: ReadOptions & { signal: AbortSignal },
  ): AsyncGenerator<RecordedCommit> {
    for await (const commit of commitsSince(cursor, options.signal)) yield readCommit(commit, options)
  }

  async function* commitsSince(cursor: CommitHash | null, signal: AbortSignal): AsyncGenerator<ListedCommit> {
    const head = await branch.head(signal)
    if (head === cursor) return
    if (head === null) throw unknownCursor()
    if (cursor === null) {
      yield* wholeHistory(client, head, signal)
      return
    }
    if (!isCommitHash(cursor)) throw unknownCursor()
    const first = await comparisons(cursor, head, signal)
    // Somebody has seen the cursor: a branch that ends before it may only be an old answer.
    if (first.relation === 'behind' && !staleness.isCredible()) return
    staleness.forget()
    if (first.relation !== 'ahead') throw unknownCursor()
    yield* historyBetween(client, { base: cursor, head, first }, signal)
  }
}

const unknownCursor = (): GitSyncError =>
  new GitSyncError('unknown-cursor', 'the branch on GitHub does not contain the cursor')
