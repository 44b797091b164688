import { join } from 'node:path'
import type { GitBackend } from '@gitmsg/git-sync'
import { type Clock, openStore, type Store } from '@gitmsg/store'
import { createEngine, type Engine } from './engine.js'
import type { FormatVersion } from './format/format-file.js'
import { assertKnownOptions } from './known-options.js'
import { type Logger, silentLogger } from './logger.js'
import type { SyncEvent } from './sync/progress.js'

/** Options of {@link openGitmsg}. */
export interface OpenGitmsgOptions {
  /**
   * The data directory, on a local disk; created if it is missing. It holds the database `gitmsg.db` and, unless the
   * backend is GitHub, the Git repository `repository.git`: the same as the server's, so that `gitmsg verify` and the
   * other commands work on it.
   */
  readonly directory: string
  /** Where to push: any Git URL or path. Default: nowhere, the repository in the directory is the only one. */
  readonly remote?: string | undefined
  /** For an https remote. Kept out of arguments, files, errors and logs. */
  readonly token?: string | undefined
  /** The user name that the token is sent with, if the host requires a certain one. Default: `x-access-token`. */
  readonly user?: string | undefined
  /** A file of certificates in PEM: the authorities to trust for an https remote or for GitHub, for a private CA. */
  readonly caFile?: string | undefined
  /** A private key for an ssh remote, without a passphrase. Default: ssh's agent, and its usual files. */
  readonly sshKeyFile?: string | undefined
  /** The host keys of an ssh remote, like `~/.ssh/known_hosts`; others are rejected. Default: ssh's usual files. */
  readonly sshKnownHostsFile?: string | undefined
  /** The most bytes that one fetch may receive from the remote. Default: 4 GiB. */
  readonly maxFetchBytes?: number | undefined
  /** Publish to GitHub through its API instead; needs no `git`. Excludes the options of a remote. */
  readonly github?:
    | {
        /** `owner/name`. */
        readonly repository: string
        /** A token for this repository with the permission "Contents: read and write". */
        readonly token: string
        /** Of GitHub Enterprise Server: `https://HOST/api/v3`. Default: `https://api.github.com`. */
        readonly baseUrl?: string | undefined
      }
    | undefined
  /** Default: `main`. */
  readonly branch?: string | undefined
  /**
   * Variables for `git`, usually `process.env`: PATH, SSH_AUTH_SOCK, TMPDIR, SystemRoot and the proxy variables are
   * passed on, all others ignored. Default: only a usual PATH. With GitHub only the proxy variables count.
   */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined
  /** Milliseconds between reads of a quiet branch, for what other servers wrote. Default: 30,000; 0: never. */
  readonly fetchInterval?: number | undefined
  /** Default: silent. */
  readonly logger?: Logger | undefined
  /** Called with everything the synchronization does. What it throws is logged. */
  readonly onEvent?: ((event: SyncEvent) => void) | undefined
  /** Default: `Date.now`. */
  readonly clock?: Clock | undefined
  /** As in {@link SynchronizerOptions}. */
  readonly formatVersion?: FormatVersion | undefined
}

const OPTIONS = {
  directory: true,
  remote: true,
  token: true,
  user: true,
  caFile: true,
  sshKeyFile: true,
  sshKnownHostsFile: true,
  maxFetchBytes: true,
  github: true,
  branch: true,
  environment: true,
  fetchInterval: true,
  logger: true,
  onEvent: true,
  clock: true,
  formatVersion: true,
} satisfies Record<keyof OpenGitmsgOptions, true>

/** An {@link Engine} with the store and the backend it runs on; closing it closes all three. */
export interface Gitmsg extends Engine {
  /** The message database. */
  readonly store: Store
  /** The branch that messages are published to. */
  readonly backend: GitBackend
}

/**
 * Opens a data directory: the store, the backend and an engine on both, which starts to synchronize at once. Close it
 * to end all three, in order.
 *
 * @throws {TypeError} for an unknown option, or options that exclude each other
 * @throws {StoreError} as {@link openStore}
 * @throws {GitSyncError} `misconfigured` for an invalid remote, branch, repository or token
 * @example
 * const gitmsg = await openGitmsg({ directory: 'data', remote: 'git@example.org:messages.git' })
 * await gitmsg.post({ content: 'Hello, Git', sender: 'alice' })
 * await gitmsg.close()
 */
export async function openGitmsg(options: OpenGitmsgOptions): Promise<Gitmsg> {
  assertKnownOptions('openGitmsg', options, OPTIONS)
  const { directory, fetchInterval, logger = silentLogger, onEvent, clock, formatVersion } = options
  if (typeof directory !== 'string' || directory === '') {
    throw new TypeError('openGitmsg: directory must be a path')
  }
  const backend = await createBackend(options, logger)
  const store = await openStore({ path: join(directory, 'gitmsg.db'), ...(clock && { clock }) })
  const engine = createEngine({ store, backend, fetchInterval, logger, onEvent, clock, formatVersion })

  async function close(): Promise<void> {
    await engine.close()
    await backend.close()
    await store.close()
  }
  return { ...engine, store, backend, close, [Symbol.asyncDispose]: close }
}

/** Loads only the backend that is asked for; touches nothing yet. */
async function createBackend(options: OpenGitmsgOptions, logger: Logger): Promise<GitBackend> {
  const { directory, github, branch = 'main', environment, caFile } = options
  const { remote, token, user, sshKeyFile, sshKnownHostsFile, maxFetchBytes } = options
  const ofRemote = { remote, token, user, sshKeyFile, sshKnownHostsFile, maxFetchBytes }
  const common = { branch, caFile, logger, ...(environment && { environment }) }
  if (github) {
    const excluded = Object.entries(ofRemote).find(([, value]) => value !== undefined)
    if (excluded) throw new TypeError(`openGitmsg: ${excluded[0]} cannot be combined with github`)
    const { createGithubBackend } = await import('@gitmsg/git-sync/github')
    const { baseUrl, ...repository } = github
    return createGithubBackend({ ...common, ...repository, ...(baseUrl !== undefined && { baseUrl }) })
  }
  const { createLocalBackend } = await import('@gitmsg/git-sync/local')
  return createLocalBackend({
    ...common,
    ...ofRemote,
    directory: join(directory, 'repository.git'),
    // The database holds every message, so a damaged repository can always be rebuilt.
    rebuildable: true,
    remote: remote ?? null,
  })
}
