/**
 * What went wrong, in terms of what the caller can do next.
 *
 * - `stale-head`: the branch moved; read what it gained, then append on the new tip
 * - `unknown-cursor`: the branch does not contain the commit to read from; read from the beginning
 * - `unauthorized`: the credential is missing, wrong or expired
 * - `forbidden`: the credential is known, and may not do this
 * - `not-found`: no such repository, or not one this credential may see
 * - `rate-limited`: wait for `retryAfter` milliseconds before asking anything
 * - `unavailable`: the repository did not answer, or is busy; try again later
 * - `unknown-outcome`: it may or may not have happened; read before appending again
 * - `rejected`: the remote looked at these commits and refused them; the message has its reason
 * - `invalid-change`: the request itself can never be written, e.g. a path outside the tree
 * - `corrupt`: the local repository is damaged
 * - `misconfigured`: an option, a tool or the repository's format is wrong; a person has to act
 * - `aborted`: the caller's signal ended it before anything was published
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
  /** What `instanceof` goes by. */
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

  /** By name: another copy of this package (ES module and CommonJS, two versions) makes the same errors. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'GitSyncError'
  }

  /** Trying again changes nothing until somebody mends a credential, a setting or the repository. */
  get requiresIntervention(): boolean {
    return REQUIRES_INTERVENTION.has(this.code)
  }
}
