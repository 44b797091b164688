import type { BackendEvent } from '../git-backend.js'
import { GitSyncError } from '../git-sync-error.js'
import type { Logger } from '../logger.js'
import { assertBranchName, assertOptions, assertText } from '../validate-options.js'
import { assertSshPath } from './git/ssh-command.js'

/** How many milliseconds a remote, or git itself, may send nothing before an operation fails with `unavailable`. */
export interface Timeouts {
  /** For reading where the branch is. Default: 30,000. */
  readonly query: number
  /** For sending and receiving commits. Default: 60,000. */
  readonly transfer: number
  /** For the remote to finish a push after it has received everything, e.g. to run its hooks. Default: 300,000. */
  readonly finish: number
  /** For git to build commits in the local repository. Default: 60,000. */
  readonly prepare: number
  /** For git to read commits from the local repository, which is silent at first. Default: 600,000. */
  readonly read: number
}

/** See {@link Timeouts}. */
export const DEFAULT_TIMEOUTS: Timeouts = {
  query: 30_000,
  transfer: 60_000,
  finish: 300_000,
  prepare: 60_000,
  read: 600_000,
}

/** See {@link LocalBackendOptions.maxFetchBytes}. */
export const DEFAULT_MAX_FETCH_BYTES = 4 * 1024 ** 3

/** Options of `createLocalBackend`. */
export interface LocalBackendOptions {
  /** The directory of the bare repository; created if it does not exist. Only one process at a time may use it. */
  readonly directory: string
  /** Default: `main`. */
  readonly branch?: string
  /** An https, http, ssh, git or file URL, `user@host:path`, or a path; see `parseRemote`. Default: none. */
  readonly remote?: string | null
  /**
   * Whether the repository can be rebuilt, from the remote or by appending everything again. If it is found damaged,
   * it is moved to `<directory>.damaged` and a new one is created. It is also checked for damage in the background,
   * because old commits are not read otherwise. Default: true with a remote.
   */
  readonly rebuildable?: boolean
  /**
   * Whether to fetch only what is new, so that the directory costs little: into an empty one come the files of the
   * last commit that the caller knows, and what follows, but no history before. `changesSince(null)` fetches all.
   * Needs a remote. Default: false.
   */
  readonly shallow?: boolean | undefined
  /** For an https remote, or an http one on this machine. Never in arguments, files, errors or logs. */
  readonly token?: string | undefined
  /** The user name that the token is sent with, if the host requires a certain one. Default: `x-access-token`. */
  readonly user?: string | undefined
  /**
   * A file of certificates in PEM: the authorities to trust for an https remote and an https proxy, for a private CA.
   * Default: those that git trusts.
   */
  readonly caFile?: string | undefined
  /** A private key for an ssh remote, without a passphrase. Default: ssh's agent, and its usual files. */
  readonly sshKeyFile?: string | undefined
  /** The host keys of an ssh remote, like `~/.ssh/known_hosts`; others are rejected. Default: ssh's usual files. */
  readonly sshKnownHostsFile?: string | undefined
  /**
   * Variables for git: PATH, SSH_AUTH_SOCK, TMPDIR, SystemRoot and the proxies (HTTPS_PROXY, NO_PROXY, ...) are
   * passed to it, all others ignored. The environment of this process is not read. Default: a usual PATH.
   */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** How long to wait for a remote, or for git, that sends nothing, in milliseconds. */
  readonly timeouts?: Partial<Timeouts>
  /**
   * The most that one fetch may receive, in bytes, compressed as it is sent. A branch that has more is `misconfigured`.
   * A fetch also ends before the disk is full. Default: 4 GiB, about 4 million messages.
   */
  readonly maxFetchBytes?: number | undefined
  /** Default: no logging. */
  readonly logger?: Logger
  /** Called for what the backend found or repaired by itself; must not throw. Default: ignored. */
  readonly onEvent?: (event: BackendEvent) => void
  /** The time in milliseconds since 1970, used for the age of files. Default: `Date.now`. */
  readonly clock?: () => number
}

const KNOWN_OPTIONS = {
  directory: true,
  branch: true,
  remote: true,
  rebuildable: true,
  shallow: true,
  token: true,
  user: true,
  caFile: true,
  sshKeyFile: true,
  sshKnownHostsFile: true,
  environment: true,
  timeouts: true,
  maxFetchBytes: true,
  logger: true,
  onEvent: true,
  clock: true,
} satisfies Record<keyof LocalBackendOptions, true>
const KNOWN_TIMEOUTS = {
  query: true,
  transfer: true,
  finish: true,
  prepare: true,
  read: true,
} satisfies Record<keyof Timeouts, true>

/** Throws `misconfigured` for an unknown option, a bad directory or branch name; the remote is checked when parsed. */
export function assertLocalOptions(options: LocalBackendOptions): void {
  assertOptions(options, KNOWN_OPTIONS)
  const { directory, branch = 'main', timeouts = {}, user, caFile } = options
  assertOptions(timeouts, KNOWN_TIMEOUTS, 'timeouts.')
  assertText('the directory', directory)
  assertBranchName(branch)
  const { maxFetchBytes = DEFAULT_MAX_FETCH_BYTES } = options
  if (!(maxFetchBytes > 0)) throw new GitSyncError('misconfigured', 'maxFetchBytes must be a positive number')
  if (options.shallow && options.remote == null) {
    throw new GitSyncError('misconfigured', 'a shallow repository needs a remote')
  }
  if (user !== undefined) assertUser(user)
  if (caFile !== undefined) assertText('the CA file', caFile)
  assertSshPath('the ssh key file', options.sshKeyFile)
  assertSshPath('the ssh known hosts file', options.sshKnownHostsFile)
}

/** Throws `misconfigured` unless the text can be the user name of HTTP's basic authentication. */
export function assertUser(user: string): void {
  assertText('the user name', user)
  if (user === '' || /[:\p{Cc}]/u.test(user)) {
    throw new GitSyncError('misconfigured', 'the user name is empty or contains ":" or a control character')
  }
}
