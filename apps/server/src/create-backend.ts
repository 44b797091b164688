import { join } from 'node:path'
import type { BackendEvent, GitBackend, Logger } from '@gitmsg/git-sync'
import { REPOSITORY_FOLDER } from './config/own-repository.js'
import type {
  Environment,
  GithubBackendConfig,
  LocalBackendConfig,
  ServerConfig,
} from './config/server-config.js'

/** The copy through which a verification reads while a server uses the repository's own folder. */
export const VERIFICATION_COPY = 'verification.git'

export interface BackendOptions {
  readonly logger: Logger
  /** True where the database holds every message, and can make the repository again, commit for commit. */
  readonly rebuildable?: boolean
  /** True to leave the repository's folder to another process: what is read goes through a copy beside it. */
  readonly besideServer?: boolean
  /** Called with what the backend found or did by itself. */
  readonly onEvent?: (event: BackendEvent) => void
}

/** The backend that was configured; what only the other would need is never loaded. */
export async function createBackend(
  { backend, dataDirectory }: ServerConfig,
  environment: Environment,
  options: BackendOptions,
): Promise<GitBackend> {
  return backend.kind === 'github'
    ? createGithub(backend, options)
    : createLocal(backend, { ...options, environment, dataDirectory })
}

async function createGithub(
  { repository, token, branch, apiUrl }: GithubBackendConfig,
  { logger }: BackendOptions,
): Promise<GitBackend> {
  const { createGithubBackend } = await import('@gitmsg/git-sync/github')
  return createGithubBackend({ repository, token, branch, baseUrl: apiUrl, logger })
}

async function createLocal(
  { branch, token, remote: given }: LocalBackendConfig,
  options: BackendOptions & { environment: Environment; dataDirectory: string },
): Promise<GitBackend> {
  const { createLocalBackend } = await import('@gitmsg/git-sync/local')
  const { environment, logger, dataDirectory, rebuildable = false, besideServer = false, onEvent } = options
  const repository = join(dataDirectory, REPOSITORY_FOLDER)
  const remote = given ?? (besideServer ? repository : null)
  const directory = besideServer ? join(dataDirectory, VERIFICATION_COPY) : repository
  return createLocalBackend({
    directory,
    branch,
    remote,
    token,
    environment,
    logger,
    rebuildable: rebuildable || remote !== null,
    ...(onEvent && { onEvent }),
  })
}
