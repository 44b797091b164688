import { assertBranchName } from '@gitmsg/git-sync'
import { parseRemote } from '@gitmsg/git-sync/local'
import type { EnvironmentReader } from './environment-reader.js'
import type { LocalBackendConfig } from './server-config.js'

const GITHUB_REPOSITORY = /^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/[A-Za-z0-9._-]{1,100}$/

/** The backend's settings, with everything that is wrong with them left in the reader. */
export function parseLocalBackend(reader: EnvironmentReader): LocalBackendConfig {
  const repository = reader.text('GITHUB_REPO')
  const githubToken = reader.text('GITHUB_TOKEN')
  const kind = reader.oneOf(
    'GITMSG_BACKEND',
    ['local', 'github'],
    repository && githubToken ? 'github' : 'local',
  )
  if (kind === 'github') {
    reader.problems.push(
      'GITMSG_BACKEND: the github backend is not there yet; GITMSG_BACKEND=local with GITHUB_REPO and GITHUB_TOKEN pushes to GitHub',
    )
  }
  if (repository && !GITHUB_REPOSITORY.test(repository)) {
    reader.problems.push('GITHUB_REPO must look like owner/name')
  }
  const branch = reader.text('GITMSG_BRANCH') ?? 'main'
  reader.check('GITMSG_BRANCH', () => assertBranchName(branch), undefined)

  const github = repository && githubToken ? `https://github.com/${repository}.git` : undefined
  const remote = reader.text('GITMSG_REMOTE') ?? github ?? null
  const ownToken = reader.text('GITMSG_REMOTE_TOKEN')
  const token = ownToken ?? (remote === github ? githubToken : undefined)
  if (remote) reader.check('GITMSG_REMOTE', () => parseRemote(remote, token), undefined)
  else if (ownToken) reader.problems.push('GITMSG_REMOTE_TOKEN is of no use without GITMSG_REMOTE')
  return { kind: 'local', branch, remote, token }
}
