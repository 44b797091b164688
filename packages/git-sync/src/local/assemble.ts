import { resolve } from 'node:path'
import { silentLogger } from '../logger.js'
import { createRedactor } from '../redact.js'
import { createGitEnvironment, DEFAULT_USER } from './git/environment.js'
import { createGit, type Git } from './git/git.js'
import { remoteFolder, writePrivateConfiguration } from './git/private-configuration.js'
import {
  assertLocalOptions,
  DEFAULT_MAX_FETCH_BYTES,
  DEFAULT_TIMEOUTS,
  type LocalBackendOptions,
  type Timeouts,
} from './local-options.js'
import { createLocalDestination, type Destination } from './publish/destination.js'
import { createShallowFetch, type FetchSince } from './publish/fetch-since.js'
import { createFetches } from './publish/fetches.js'
import { createRemoteDestination } from './publish/remote.js'
import { parseRemote, type Remote } from './publish/remote-url.js'
import { createRepository, type Repository, type RepositoryOptions } from './repository.js'
import type { Audit } from './upkeep/audit.js'

/** git and the repository that the options describe. Nothing has been touched. */
export interface LocalParts {
  readonly git: Git
  /** The absolute path of the local repository. */
  readonly directory: string
  readonly branch: string
  readonly remote: Remote | null
  readonly isRebuildable: boolean
  readonly timeouts: Timeouts
  readonly logger: NonNullable<LocalBackendOptions['logger']>
  createDestination(audit: Pick<Audit, 'investigate'>): Destination
  createRepository(upkeep: Pick<RepositoryOptions, 'audit' | 'maintenance'>): Repository
  createFetchSince(destination: Destination, repository: Repository): FetchSince
}

/** Validates the options and puts git together. Throws `misconfigured` if an option is invalid. */
export function assembleLocal(options: LocalBackendOptions): LocalParts {
  assertLocalOptions(options)
  const { branch = 'main', token, environment = {}, logger = silentLogger, clock = Date.now } = options
  const { onEvent = () => {}, maxFetchBytes = DEFAULT_MAX_FETCH_BYTES, shallow = false } = options
  const directory = resolve(options.directory)
  const remote = options.remote == null ? null : parseRemote(options.remote, token)
  const isRebuildable = options.rebuildable ?? remote !== null
  const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts }

  const { user = DEFAULT_USER, caFile, sshKeyFile, sshKnownHostsFile } = options
  const ssh = { keyFile: sshKeyFile, knownHostsFile: sshKnownHostsFile }
  const variables = createGitEnvironment({ directory, remote, token, user, caFile, ssh, environment })
  const redact = createRedactor(token === undefined ? [] : [token, `${user}:${token}`])
  const git = createGit({ directory, variables, redact, logger })

  const configure = async () => {
    const folder = remoteFolder(remote)
    if (folder !== null) await writePrivateConfiguration(directory, folder)
  }

  function createDestination(audit: Pick<Audit, 'investigate'>): Destination {
    if (remote === null) return createLocalDestination(git, branch)
    const { url } = remote
    const idleTimeoutMs = timeouts.transfer
    const limits = { idleTimeoutMs, maxBytes: maxFetchBytes }
    const fetches = createFetches({ git, directory, url, branch, ...limits, logger })
    return createRemoteDestination({ git, branch, url, timeouts, fetches, audit, logger })
  }

  function createFetchSince(destination: Destination, repository: Repository): FetchSince {
    if (!shallow) return (_, signal) => destination.fetch(signal)
    return createShallowFetch({ git, branch, destination, repository })
  }

  const own = { git, directory, branch, configure, clock, logger, onEvent, isRebuildable }
  const shape = { isCopy: remote !== null, allowsShallow: shallow }
  return {
    git,
    directory,
    branch,
    remote,
    isRebuildable,
    timeouts,
    logger,
    createDestination,
    createRepository: (upkeep) => createRepository({ ...own, ...shape, ...upkeep }),
    createFetchSince,
  }
}
