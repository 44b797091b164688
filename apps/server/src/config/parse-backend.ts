import { assertBranchName } from '@gitmsg/git-sync'
import { assertToken, parseApiUrl, parseRepository } from '@gitmsg/git-sync/github'
import { assertUser, parseRemote } from '@gitmsg/git-sync/local'
import { assertNotOwnRepository, type DataDirectory } from './data-directory.js'
import { parseConnection } from './parse-connection.js'
import type { BackendConfig, GithubBackendConfig, LocalBackendConfig } from './server-config.js'
import type { SettingsReader } from './settings-reader.js'

const MEBIBYTE_BYTES = 1024 * 1024

/** Parses the settings of the backend. Problems are left in the reader. */
export function parseBackend(reader: SettingsReader, directory: DataDirectory): BackendConfig {
  const repository = reader.text('GITHUB_REPO')
  const token = reader.nonEmpty('GITHUB_TOKEN')
  const kind = reader.choice('GITMSG_BACKEND') ?? (repository && token ? 'github' : 'local')
  if (repository) reader.check('GITHUB_REPO', () => parseRepository(repository))
  const branch = reader.text('GITMSG_BRANCH')
  reader.check('GITMSG_BRANCH', () => assertBranchName(branch))
  const github = { repository, token, branch }
  return kind === 'github'
    ? parseGithubBackend(reader, github, directory)
    : parseLocalBackend(reader, github, directory)
}

interface GithubSettings {
  readonly repository: string | undefined
  readonly token: string | undefined
  readonly branch: string
}

function parseGithubBackend(
  reader: SettingsReader,
  { repository = '', token = '', branch }: GithubSettings,
  { fileSystem }: DataDirectory,
): GithubBackendConfig {
  if (repository === '') reader.report('GITHUB_REPO', 'must be set if GITMSG_BACKEND is github')
  if (token === '') reader.report('GITHUB_TOKEN', 'must be set if GITMSG_BACKEND is github')
  else reader.check('GITHUB_TOKEN', () => assertToken(token))
  const apiUrl = reader.text('GITHUB_API_URL')
  reader.check('GITHUB_API_URL', () => parseApiUrl(apiUrl))
  const { caFile } = parseConnection(reader, { address: apiUrl, fileSystem })
  return { kind: 'github', repository, token, branch, apiUrl, caFile }
}

function parseLocalBackend(
  reader: SettingsReader,
  { repository, token: githubToken, branch }: GithubSettings,
  directory: DataDirectory,
): LocalBackendConfig {
  const github = repository && githubToken ? `https://github.com/${repository}.git` : undefined
  const remote = reader.text('GITMSG_REMOTE') ?? github ?? null
  const remoteToken = reader.nonEmpty('GITMSG_REMOTE_TOKEN')
  const token = remoteToken ?? (remote === github ? githubToken : undefined)
  if (remote) {
    reader.check('GITMSG_REMOTE', () => assertNotOwnRepository(parseRemote(remote, token), directory))
  } else if (remoteToken) {
    reader.report('GITMSG_REMOTE_TOKEN', 'needs GITMSG_REMOTE: set that too, or remove the token')
  }
  const patience = reader.integer('GITMSG_PUSH_PATIENCE')
  const fetchLimit = reader.integer('GITMSG_FETCH_LIMIT')
  const user = reader.text('GITMSG_REMOTE_USER')
  if (user) reader.check('GITMSG_REMOTE_USER', () => assertUser(user))
  if (user && !token) {
    reader.report('GITMSG_REMOTE_USER', 'needs GITMSG_REMOTE_TOKEN: set that too, or remove the user')
  }
  const connection = parseConnection(reader, { address: remote, fileSystem: directory.fileSystem })
  const limits = { pushPatienceMs: 1000 * patience, maxFetchBytes: fetchLimit * MEBIBYTE_BYTES }
  return { kind: 'local', branch, remote, token, user, ...connection, ...limits }
}
