/**
 * What went wrong, in terms of what the caller can do next.
 *
 * - `stale-head`: the branch moved; read what it gained, then append on the new tip
 * - `unknown-cursor`: the branch does not contain the commit to read from; read from the beginning
 * - `unauthorized`: the credential is missing, wrong or expired
 * - `forbidden`: the credential is valid, but does not permit this
 * - `not-found`: there is no such repository, or the credential does not permit seeing it
 * - `rate-limited`: wait for `retryAfter` milliseconds before the next request
 * - `unavailable`: the repository did not respond, is busy, or failed for a reason that is not known; nothing was
 *   published; try again later
 * - `unknown-outcome`: it may or may not have happened; read the branch before appending again
 * - `rejected`: the remote rejected these commits; the message has its reason
 * - `invalid-change`: the request itself can never be written, e.g. a path outside the tree
 * - `corrupt`: the local repository is damaged
 * - `misconfigured`: an option, a tool, the remote or the repository's format is wrong; the message has its words
 * - `aborted`: the caller's signal, or `close()`, ended it before anything was published
 */
export type GitSyncErrorCode =
  | 'stale-head'
  | 'unknown-cursor'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'rate-limited'
  | 'unavailable'
  | 'unknown-outcome'
  | 'rejected'
  | 'invalid-change'
  | 'corrupt'
  | 'misconfigured'
  | 'aborted'

const REQUIRES_INTERVENTION: ReadonlySet<GitSyncErrorCode> = new Set([
  'unauthorized',
  'forbidden',
  'not-found',
  'corrupt',
  'misconfigured',
])

/** The only error a backend rejects with. Its message never holds a credential or a file's content. */
export class GitSyncError extends Error {
  /** What `instanceof` compares. */
  override readonly name = 'GitSyncError'
  /** What the caller can do next. */
  readonly code: GitSyncErrorCode
  /** Milliseconds to wait before the next request; only with `rate-limited`. */
  readonly retryAfter: number | undefined

  constructor(
    code: GitSyncErrorCode,
    message: string,
    { retryAfter, ...options }: ErrorOptions & { retryAfter?: number } = {},
  ) {
    super(message, options)
    this.code = code
    this.retryAfter = retryAfter
  }

  /** By name, because a process may have several copies of this package (ES module and CommonJS, two versions). */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'GitSyncError'
  }

  /** Whether a retry is pointless until a credential, a setting or the repository has been fixed. */
  get requiresIntervention(): boolean {
    return REQUIRES_INTERVENTION.has(this.code)
  }
}

/** The error of an operation that its caller's signal, or `close()`, ended in time. */
export const abortedError = (): GitSyncError =>
  new GitSyncError('aborted', 'the operation was aborted before anything was published')

/** Throws `aborted` if the signal has aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortedError()
}
