import type { CommitHash } from '../../git-backend.js'
import type { GithubClient } from '../api/client.js'
import { type Comparison, compare } from '../api/history-requests.js'

/** Compares two commits. */
export type Comparisons = (base: CommitHash, head: CommitHash, signal: AbortSignal) => Promise<Comparison>

/** Comparisons through one client. How two commits relate never changes, so the last result is cached. */
export function createComparisons(client: GithubClient): Comparisons {
  let last: { base: CommitHash; head: CommitHash; comparison: Comparison } | null = null

  return async function comparisons(base, head, signal) {
    if (last?.base === base && last.head === head) return last.comparison
    const comparison = await client.send(compare({ base, head }), signal)
    if (comparison.relation !== 'unknown') last = { base, head, comparison }
    return comparison
  }
}
