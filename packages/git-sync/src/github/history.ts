import type { CommitHash } from '../git-backend.js'
import { GitSyncError } from '../git-sync-error.js'
import type { GithubClient } from './github-client.js'
import { type Comparison, compare, type ListedCommit, listCommits } from './history-calls.js'

/** All commits up to `head`, oldest first: GitHub lists them the other way round, so the last page is read first. */
export async function* wholeHistory(
  client: GithubClient,
  head: CommitHash,
  signal: AbortSignal,
): AsyncGenerator<ListedCommit> {
  const newest = await client.send(listCommits(head, 1), signal)
  for (let page = newest.lastPage; page > 1; page -= 1) {
    const { commits } = await client.send(listCommits(head, page), signal)
    yield* parentsFirst(commits.reverse())
  }
  yield* parentsFirst(newest.commits.reverse())
}

/** The commits that a comparison found `head` to have on top of `base`, oldest first. */
export async function* historyBetween(
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

/** Puts parents before their children where the dates of merged commits have them the other way round. */
function parentsFirst(commits: readonly ListedCommit[]): ListedCommit[] {
  const waiting = new Map(commits.map((commit) => [commit.hash, commit]))
  const sorted: ListedCommit[] = []
  const take = (hash: CommitHash): void => {
    const commit = waiting.get(hash)
    if (!commit) return
    waiting.delete(hash)
    commit.parents.forEach(take)
    sorted.push(commit)
  }
  for (const { hash } of commits) take(hash)
  return sorted
}
