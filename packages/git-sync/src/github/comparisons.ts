import type { CommitHash } from '../git-backend.js'
import type { GithubClient } from './github-client.js'
import { type Comparison, compare } from './history-calls.js'

/** Compares commits. How two commits lie to each other never changes, so the last answer is kept. */
export type Comparisons = (base: CommitHash, head: CommitHash, signal: AbortSignal) => Promise<Comparison>

/** Comparisons through one client. */
export function createComparisons(client: GithubClient): Comparisons {
  let last: { readonly base: CommitHash; readonly head: CommitHash; readonly answer: Comparison } | null =
    null

  return async (base, head, signal) => {
    if (last?.base === base && last.head === head) return last.answer
    const answer = await client.send(compare({ base, head }), signal)
    if (answer.relation !== 'unknown') last = { base, head, answer }
    return answer
  }
}
