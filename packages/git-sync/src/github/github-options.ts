import type { Logger } from '../logger.js'
import type { OctokitLike } from './octokit-like.js'
import type { Pace } from './pace.js'
import type { Timeouts } from './timeouts.js'

/** Options of `createGithubBackend`. */
export interface GithubBackendOptions {
  /** `owner/name`. */
  readonly repository: string
  /** Default: `main`, whatever the repository's default branch is. */
  readonly branch?: string
  /**
   * A fine-grained personal access token for this repository with the permission "Contents: read and write".
   * Kept out of URLs, errors and logs. Default: none, which can only read what is public.
   */
  readonly token?: string | undefined
  /** How to get tokens instead, e.g. `createAppAuth` of `@octokit/auth-app`; takes `auth`. */
  readonly authStrategy?: unknown
  /** What the strategy needs, e.g. `{ appId, privateKey, installationId }`. */
  readonly auth?: unknown
  /** An Octokit of your own, in place of `token`, `authStrategy` and `baseUrl`. Its plugins should not retry or wait. */
  readonly octokit?: OctokitLike
  /** Of GitHub Enterprise Server: `https://HOST/api/v3`. Default: `https://api.github.com`. */
  readonly baseUrl?: string
  /** How long an answer is waited for. */
  readonly timeouts?: Partial<Timeouts>
  /** How many writes are sent at most. Default: what GitHub allows. */
  readonly pace?: Partial<Pace>
  /** Default: says nothing. */
  readonly logger?: Logger
  /** Milliseconds that never go back. Default: those since the process began. */
  readonly clock?: () => number
}
