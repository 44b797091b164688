import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { findIgnoredGitSettings } from './ignored-git-settings.js'
import type { BackendConfig, LocalBackendConfig } from './server-config.js'

const folder = mkdtempSync(join(tmpdir(), 'gitmsg-git-settings-'))
afterAll(() => rmSync(folder, { recursive: true }))

const CONFIGURATION = `
[user]
  name = Ada
[core]
  sshCommand = ssh -i /home/ada/hunter2
[http]
  proxy = http://ada:hunter2@proxy.example.org
[http "https://ada:hunter2@git.example.org"]
  sslCAInfo = /hunter2
[credential]
  helper = hunter2
[url "https://ada:hunter2@git.example.org/"]
  insteadOf = mine:
`
const global = join(folder, 'gitconfig')
writeFileSync(global, CONFIGURATION)
const GIT = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: global, GIT_CONFIG_SYSTEM: '/dev/null' }

const localBackend = (remote: string | null): LocalBackendConfig => ({
  kind: 'local',
  branch: 'main',
  remote,
  token: undefined,
  user: undefined,
  caFile: undefined,
  sshKeyFile: undefined,
  sshKnownHostsFile: undefined,
  pushPatienceMs: 300_000,
  maxFetchBytes: 4 * 1024 ** 3,
})

it.each([
  [
    'https://git.example.org/a.git',
    ['credential.helper', 'http.*.sslcainfo', 'http.proxy', 'url.*.insteadof'],
  ],
  ['git@git.example.org:a.git', ['core.sshcommand', 'url.*.insteadof']],
  ['/srv/a.git', ['url.*.insteadof']],
])(
  'findIgnoredGitSettings() lists the keys that matter to the remote, without secrets: %s',
  async (remote, keys) => {
    expect((await findIgnoredGitSettings(localBackend(remote), GIT)).keys).toEqual(keys)
  },
)

it('findIgnoredGitSettings() lists variables that change how git reaches a remote, and no others', async () => {
  const environment = {
    ...GIT,
    GIT_SSH_COMMAND: 'ssh -v',
    GIT_SSL_CAINFO: '/ca',
    GIT_COMMIT: 'c0ffee',
    GIT_SSH: '',
  }
  const { variables } = await findIgnoredGitSettings(localBackend('/srv/a.git'), environment)
  expect(variables).toEqual(['GIT_CONFIG_GLOBAL', 'GIT_CONFIG_SYSTEM', 'GIT_SSH_COMMAND', 'GIT_SSL_CAINFO'])
})

it.each<[string, BackendConfig]>([
  ['no remote', localBackend(null)],
  [
    'the API of GitHub',
    {
      kind: 'github',
      branch: 'main',
      repository: 'a/b',
      token: 't',
      apiUrl: 'https://api.github.com',
      caFile: undefined,
    },
  ],
])('findIgnoredGitSettings() finds nothing with %s', async (_, backend) => {
  const environment = { ...GIT, GIT_SSH_COMMAND: 'ssh -v' }
  expect(await findIgnoredGitSettings(backend, environment)).toEqual({ variables: [], keys: [] })
})

it('findIgnoredGitSettings() finds no keys if git is absent', async () => {
  const environment = { PATH: folder }
  const found = await findIgnoredGitSettings(localBackend('https://git.example.org/a.git'), environment)
  expect(found).toEqual({ variables: [], keys: [] })
})
