import type { CommitHash, ReadOptions, RecordedCommit } from '../../git-backend.js'
import { GitSyncError } from '../../git-sync-error.js'
import { isCommitHash } from '../../validate-request.js'
import type { GithubClient } from '../api/client.js'
import {
  type CommitPage,
  type Comparison,
  compare,
  type ListedCommit,
  listCommits,
} from '../api/history-requests.js'
import type { Comparisons } from './comparisons.js'
import { createReadCommit } from './read-commit.js'
import type { ReplicationLag } from './replication-lag.js'
import { survey } from './survey.js'
import type { Trees } from './trees.js'

/** What {@link createChangesSince} needs. */
export interface ChangesSinceDependencies {
  readonly client: GithubClient
  readonly branch: { head(signal: AbortSignal): Promise<CommitHash | null> }
  readonly comparisons: Comparisons
  readonly trees: Trees
  /** Of the branch against the caller's cursor. */
  readonly lag: ReplicationLag
}

/** Reads the commits after a cursor, one after the other. */
export function createChangesSince(dependencies: ChangesSinceDependencies) {
  const { client, branch, comparisons, lag } = dependencies
  const readCommit = createReadCommit(dependencies)

  return async function* changesSince(
    cursor: CommitHash | null,
    options: ReadOptions & { signal: AbortSignal },
  ): AsyncGenerator<RecordedCommit> {
    const { compareWithHead = false, signal } = options
    const head = await branch.head(signal)
    if (head === cursor) return
    if (head === null) throw unknownCursor()
    const list = await listingAfter(cursor, head, signal)
    if (list === null) return
    const { sideLines, headTree } = await survey(list(), head)
    for await (const commit of list()) {
      const isOnSideLine = sideLines.has(commit.hash)
      const reading = { ...options, headTree: compareWithHead ? headTree : null }
      for await (const part of readCommit(commit, reading))
        yield isOnSideLine ? { ...part, isOnSideLine } : part
    }
  }

  /** Lists the commits after the cursor, each time again; `null` if the branch may only be an outdated read. */
  async function listingAfter(
    cursor: CommitHash | null,
    head: CommitHash,
    signal: AbortSignal,
  ): Promise<(() => AsyncGenerator<ListedCommit>) | null> {
    if (cursor === null) {
      const newest = await client.send(listCommits(head, 1), signal)
      return () => wholeHistory(client, { head, newest }, signal)
    }
    if (!isCommitHash(cursor)) throw unknownCursor()
    const first = await comparisons(cursor, head, signal)
    // The cursor was on the branch once: a branch that ends before it may only be an outdated read.
    if (first.relation === 'behind' && !lag.hasOutlastedReplicationLag()) return null
    lag.reset()
    if (first.relation !== 'ahead') throw unknownCursor()
    return () => historyBetween(client, { base: cursor, head, first }, signal)
  }
}

const unknownCursor = (): GitSyncError =>
  new GitSyncError('unknown-cursor', 'the branch on GitHub does not contain the cursor')

/** All commits up to `head`, oldest first. GitHub lists the newest first, so the last page is read first. `newest`: the first. */
async function* wholeHistory(
  client: GithubClient,
  { head, newest }: { head: CommitHash; newest: CommitPage },
  signal: AbortSignal,
): AsyncGenerator<ListedCommit> {
  for (let page = newest.lastPage; page > 1; page -= 1) {
    const { commits } = await client.send(listCommits(head, page), signal)
    yield* parentsFirst(commits.toReversed())
  }
  yield* parentsFirst(newest.commits.toReversed())
}

/** The commits that `head` has on top of `base`, oldest first; `first` is the first page of their comparison. */
async function* historyBetween(
  client: GithubClient,
  { base, head, first }: { base: CommitHash; head: CommitHash; first: Comparison },
  signal: AbortSignal,
): AsyncGenerator<ListedCommit> {
  let { commits } = first
  let listed = 0
  for (let page = 2; commits.length > 0; page += 1) {
    listed += commits.length
    yield* parentsFirst(commits)
    if (listed >= first.aheadBy) return
    commits = (await client.send(compare({ base, head }, page), signal)).commits
  }
  throw new GitSyncError('unavailable', `GitHub listed ${listed} of ${first.aheadBy} commits`)
}

/** Puts parents before their children, which the dates of merged commits may have the other way round. */
function parentsFirst(commits: readonly ListedCommit[]): ListedCommit[] {
  const remaining = new Map(commits.map((commit) => [commit.hash, commit]))
  const sorted: ListedCommit[] = []

  function take(hash: CommitHash): void {
    const commit = remaining.get(hash)
    if (!commit) return
    remaining.delete(hash)
    commit.parents.forEach(take)
    sorted.push(commit)
  }

  for (const { hash } of commits) take(hash)
  return sorted
}
