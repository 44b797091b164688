import type { Logger } from '../logger.js'
import { assertBranchName, assertOptions, assertText } from '../validate-options.js'
import { assertToken } from './address.js'
import type { Timeouts } from './api/client.js'
import type { OctokitLike } from './api/octokit.js'
import type { Pace } from './api/pace.js'

/** Options of `createGithubBackend`. */
export interface GithubBackendOptions {
  /** `owner/name`. */
  readonly repository: string
  /** Default: `main`, whatever the repository's default branch is. */
  readonly branch?: string
  /**
   * A fine-grained personal access token for this repository with the permission "Contents: read and write". Never in
   * a URL, an error or a log line. Default: none, which can only read public repositories.
   */
  readonly token?: string | undefined
  /** A source of tokens instead, e.g. `createAppAuth` of `@octokit/auth-app`; takes `auth`. */
  readonly authStrategy?: unknown
  /** What the strategy needs, e.g. `{ appId, privateKey, installationId }`. */
  readonly auth?: unknown
  /** Your own Octokit, in place of `token`, `authStrategy`, `baseUrl`, `caFile` and `environment`. Its plugins should not retry or wait. */
  readonly octokit?: OctokitLike
  /** For GitHub Enterprise Server: `https://HOST/api/v3`. Default: `https://api.github.com`. */
  readonly baseUrl?: string
  /** A file of certificates in PEM: authorities to trust besides those of Node.js, for a private CA. Default: none. */
  readonly caFile?: string | undefined
  /**
   * Variables for the proxy, usually `process.env`: `HTTPS_PROXY` and `NO_PROXY` are read as git reads them, for http
   * and https proxies; all others are ignored. The environment of this process is not read. Default: no proxy.
   */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** How long to wait for a response, in milliseconds. */
  readonly timeouts?: Partial<Timeouts>
  /** How many writes to send at most. Default: what GitHub allows. */
  readonly pace?: Partial<Pace>
  /** Default: discards everything. */
  readonly logger?: Logger
  /** A monotonic clock in milliseconds. Default: `performance.now`. */
  readonly clock?: () => number
}

const KNOWN_OPTIONS = {
  repository: true,
  branch: true,
  token: true,
  authStrategy: true,
  auth: true,
  octokit: true,
  baseUrl: true,
  caFile: true,
  environment: true,
  timeouts: true,
  pace: true,
  logger: true,
  clock: true,
} satisfies Record<keyof GithubBackendOptions, true>
const KNOWN_TIMEOUTS = { read: true, write: true } satisfies Record<keyof Timeouts, true>
const KNOWN_PACE = { perMinute: true, perHour: true } satisfies Record<keyof Pace, true>

/** Throws `misconfigured` for an unknown option, a bad branch name or a bad token; addresses are checked when parsed. */
export function assertGithubOptions(options: GithubBackendOptions): void {
  assertOptions(options, KNOWN_OPTIONS)
  const { branch = 'main', token, caFile, timeouts = {}, pace = {} } = options
  assertOptions(timeouts, KNOWN_TIMEOUTS, 'timeouts.')
  assertOptions(pace, KNOWN_PACE, 'pace.')
  assertBranchName(branch)
  assertToken(token)
  if (caFile !== undefined) assertText('the CA file', caFile)
}
