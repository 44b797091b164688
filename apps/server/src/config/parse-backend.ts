import { assertBranchName } from '@gitmsg/git-sync'
import { assertToken, parseApiUrl, parseRepository } from '@gitmsg/git-sync/github'
import { parseRemote } from '@gitmsg/git-sync/local'
import type { EnvironmentReader } from './environment-reader.js'
import { assertNotOwnRepository, type Place } from './own-repository.js'
import type { BackendConfig, GithubBackendConfig, LocalBackendConfig } from './server-config.js'

const PUBLIC_API = 'https://api.github.com'

/** The backend's settings, with everything that is wrong with them left in the reader. */
export function parseBackend(reader: EnvironmentReader, place: Place): BackendConfig {
  const repository = reader.text('GITHUB_REPO')
  const token = reader.filled('GITHUB_TOKEN')
  const kind = reader.oneOf('GITMSG_BACKEND', ['local', 'github'], repository && token ? 'github' : 'local')
  if (repository) reader.check('GITHUB_REPO', () => parseRepository(repository), undefined)
  const branch = reader.text('GITMSG_BRANCH') ?? 'main'
  reader.check('GITMSG_BRANCH', () => assertBranchName(branch), undefined)
  const github = { repository, token, branch }
  return kind === 'github' ? parseGithubBackend(reader, github) : parseLocalBackend(reader, github, place)
}

interface GithubSettings {
  readonly repository: string | undefined
  readonly token: string | undefined
  readonly branch: string
}

function parseGithubBackend(
  reader: EnvironmentReader,
  { repository = '', token = '', branch }: GithubSettings,
): GithubBackendConfig {
  for (const [name, value] of Object.entries({ GITHUB_REPO: repository, GITHUB_TOKEN: token })) {
    if (value === '') reader.problems.push(`${name} must be set for GITMSG_BACKEND=github`)
  }
  if (token !== '') reader.check('GITHUB_TOKEN', () => assertToken(token), undefined)
  const apiUrl = reader.text('GITHUB_API_URL') ?? PUBLIC_API
  reader.check('GITHUB_API_URL', () => parseApiUrl(apiUrl), undefined)
  return { kind: 'github', repository, token, branch, apiUrl }
}

function parseLocalBackend(
  reader: EnvironmentReader,
  { repository, token: githubToken, branch }: GithubSettings,
  place: Place,
): LocalBackendConfig {
  const github = repository && githubToken ? `https://github.com/${repository}.git` : undefined
  const remote = reader.text('GITMSG_REMOTE') ?? github ?? null
  const ownToken = reader.filled('GITMSG_REMOTE_TOKEN')
  const token = ownToken ?? (remote === github ? githubToken : undefined)
  if (remote) {
    const check = () => assertNotOwnRepository(parseRemote(remote, token), place)
    reader.check('GITMSG_REMOTE', check, undefined)
  } else if (ownToken) reader.problems.push('GITMSG_REMOTE_TOKEN is of no use without GITMSG_REMOTE')
  return { kind: 'local', branch, remote, token }
}
