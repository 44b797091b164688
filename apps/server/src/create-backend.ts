import { join } from 'node:path'
import type { PurgeOptions } from '@gitmsg/core'
import type { BackendEvent, GitBackend, Logger } from '@gitmsg/git-sync'
import type { LocalBackendOptions } from '@gitmsg/git-sync/local'
import { REPOSITORY_FOLDER } from './config/data-directory.js'
import type {
  Environment,
  GithubBackendConfig,
  LocalBackendConfig,
  ServerConfig,
} from './config/server-config.js'

/** The folder of the clone that `verify` reads while a server is using the repository's own folder. */
export const VERIFICATION_FOLDER = 'verification.git'

/** What {@link createBackend} needs besides the configuration. */
export interface BackendOptions {
  readonly logger: Logger
  /**
   * For a synchronizer: the database can rebuild a damaged repository. With PostgreSQL, the repository's folder needs no
   * old history: any server may have to take over soon. Default: false.
   */
  readonly synchronizes?: boolean
  /** A server is using the repository's folder: read through a clone beside it. Default: false. */
  readonly besideServer?: boolean
  /** Called with what the backend found or repaired on its own. */
  readonly onEvent?: (event: BackendEvent) => void
}

/** Creates the configured backend. The dependencies of the other one are not loaded. */
export async function createBackend(
  { backend, dataDirectory, postgres }: ServerConfig,
  environment: Environment,
  { synchronizes = false, ...options }: BackendOptions,
): Promise<GitBackend> {
  if (backend.kind === 'github') return createGithub(backend, { ...options, environment })
  const { createLocalBackend } = await import('@gitmsg/git-sync/local')
  const localOptions = toLocalOptions(backend, { ...options, environment, dataDirectory })
  const rebuildable = synchronizes || localOptions.remote !== null
  return createLocalBackend({ ...localOptions, rebuildable, shallow: synchronizes && postgres !== null })
}

async function createGithub(
  { apiUrl, kind: _, ...settings }: GithubBackendConfig,
  { logger, environment }: BackendOptions & { environment: Environment },
): Promise<GitBackend> {
  const { createGithubBackend } = await import('@gitmsg/git-sync/github')
  return createGithubBackend({ ...settings, baseUrl: apiUrl, environment, logger })
}

type LocalOptions = BackendOptions & { environment: Environment; dataDirectory: string }

/**
 * Creates the function that rewrites the configured branch.
 *
 * @throws {Error} if the repository is not reached with git
 */
export async function createRewriteBranch(
  { backend, dataDirectory }: ServerConfig,
  environment: Environment,
  options: BackendOptions,
): Promise<PurgeOptions['rewriteBranch']> {
  if (backend.kind !== 'local') throw new Error('only git can rewrite a branch')
  const { rewriteBranch } = await import('@gitmsg/git-sync/local')
  const localOptions = toLocalOptions(backend, { ...options, environment, dataDirectory })
  return (rewrites, rewriteOptions) => rewriteBranch(localOptions, rewrites, rewriteOptions)
}

function toLocalOptions(
  { remote: configuredRemote, kind: _, pushPatienceMs, ...settings }: LocalBackendConfig,
  options: LocalOptions,
): LocalBackendOptions {
  const { environment, logger, dataDirectory, besideServer = false, onEvent } = options
  const repository = join(dataDirectory, REPOSITORY_FOLDER)
  const remote = configuredRemote ?? (besideServer ? repository : null)
  const directory = besideServer ? join(dataDirectory, VERIFICATION_FOLDER) : repository
  return {
    ...settings,
    directory,
    remote,
    environment,
    logger,
    timeouts: { finish: pushPatienceMs },
    ...(onEvent && { onEvent }),
  }
}
