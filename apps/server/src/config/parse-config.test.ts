import { resolve } from 'node:path'
import { rootCertificates } from 'node:tls'
import { memfs } from 'memfs'
import { describe, expect, it } from 'vitest'
import type { ReadOnlyFileSystem } from '../file-system.js'
import { parseConfig } from './parse-config.js'
import { ConfigError, type Environment } from './server-config.js'

const token = { name: 'a', sha256: '0'.repeat(64), scopes: ['read'], created_at: '2025-01-09T00:06:41.000Z' }
const { fs } = memfs({
  '/run/secrets/token': 's3cret\n',
  '/run/secrets/empty': '\n',
  '/run/tls/ca': rootCertificates.slice(0, 2).join('\n'),
  '/run/tls/broken': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
  '/run/tokens/one': JSON.stringify({ version: 1, tokens: [token] }),
  '/run/tokens/none': JSON.stringify({ version: 1, tokens: [] }),
  '/run/tokens/open': JSON.stringify({ version: 1, tokens: [token] }),
  '/run/tokens/empty': '',
  '/srv/messages.git/HEAD': 'ref: refs/heads/main\n',
  '/srv/messages.git/objects': null,
  '/srv/messages.git/refs': null,
  '/srv/ada/repository.git': null,
  '/srv/bob/gitmsg.db': '',
  '/home/ada/project/.git/HEAD': 'ref: refs/heads/main\n',
  '/home/ada/project/.git/objects': null,
  '/home/ada/project/.git/refs': null,
})
fs.chmodSync('/run/tokens/one', 0o600)
fs.chmodSync('/run/tokens/none', 0o600)
fs.chmodSync('/run/tokens/open', 0o644)
fs.chmodSync('/run/tokens/empty', 0o600)
fs.symlinkSync('/srv/messages.git/refs', '/srv/link')
fs.symlinkSync('/srv/ada/repository.git', '/srv/ada-link.git')
const fileSystem = fs as unknown as ReadOnlyFileSystem
const parse = (environment: Environment) => parseConfig(environment, fileSystem)

const ADA = { GITMSG_DATA_DIR: '/srv/ada' }
const BOB = { GITMSG_DATA_DIR: '/srv/bob' }
const HTTPS = { GITMSG_REMOTE: 'https://git.example.org/messages.git' }
const SSH = { GITMSG_REMOTE: 'git@git.example.org:messages.git' }
const GITHUB = { GITHUB_REPO: 'ada/messages', GITHUB_TOKEN: 't' }

function problemsOf(environment: Environment): string[] {
  try {
    parse(environment)
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n').slice(1)
    throw error
  }
  return []
}

describe('parseConfig()', () => {
  // Covers V13.2.3
  it('returns the defaults for an empty environment', () => {
    expect(parse({})).toEqual({
      host: '127.0.0.1',
      port: 3000,
      access: {
        ...{ tokensFile: null, allowedHosts: [], allowedOrigins: [], liveSockets: 512, rateLimit: null },
        ...{ trustedProxies: [], denied: [] },
      },
      accounts: null,
      dataDirectory: resolve('data'),
      postgres: null,
      backend: {
        kind: 'local',
        branch: 'main',
        remote: null,
        token: undefined,
        user: undefined,
        caFile: undefined,
        sshKeyFile: undefined,
        sshKnownHostsFile: undefined,
        pushPatienceMs: 300_000,
        maxFetchBytes: 4 * 1024 ** 3,
      },
      fetchIntervalMs: 30_000,
      formatVersion: 2,
      logLevel: 'info',
      secrets: [],
    })
  })

  it('accepts origins of any scheme', () => {
    const origins = ['https://a.example:8443', 'app://obsidian.md', 'capacitor://localhost', 'app://MyApp']
    const { access } = parse({ GITMSG_ALLOWED_ORIGINS: ['HTTPS://B.example', ...origins].join(', ') })
    expect(access.allowedOrigins).toEqual(['https://b.example', ...origins])
  })

  it.each([
    ['1', 1],
    ['2', 2],
    ['', 2],
  ])('reads the version of the repository format: %j', (GITMSG_FORMAT, formatVersion) => {
    expect(parse({ GITMSG_FORMAT })).toMatchObject({ formatVersion })
  })

  it('treats an empty variable as absent', () => {
    expect(parse({ PORT: '', GITMSG_REMOTE: '', LOG_LEVEL: '' })).toEqual(parse({}))
  })

  it('configures a remote with its token', () => {
    const remote = 'https://git.example.org/messages.git'
    const { backend } = parse({ GITMSG_REMOTE: remote, GITMSG_REMOTE_TOKEN_FILE: '/run/secrets/token' })
    expect(backend).toMatchObject({ remote, token: 's3cret' })
  })

  it('reads the settings of an https remote, and keeps the credential as it is sent out of the log', () => {
    const { backend, secrets } = parse({
      ...HTTPS,
      GITMSG_REMOTE_TOKEN: 's3cret',
      GITMSG_REMOTE_USER: 'deploy-7',
      GITMSG_CA_FILE: '/run/tls/ca',
    })
    expect(backend).toMatchObject({ token: 's3cret', user: 'deploy-7', caFile: '/run/tls/ca' })
    expect(secrets).toEqual(['s3cret', 'deploy-7:s3cret'])
    expect(parse({ ...GITHUB, GITMSG_CA_FILE: '/run/tls/ca' }).backend).toMatchObject({
      kind: 'github',
      caFile: '/run/tls/ca',
    })
  })

  it.each(['git@git.example.org:messages.git', 'ssh://git.example.org/messages.git'])(
    'reads the settings of an ssh remote: %s',
    (GITMSG_REMOTE) => {
      const files = {
        GITMSG_SSH_KEY_FILE: '/run/secrets/token',
        GITMSG_SSH_KNOWN_HOSTS_FILE: '/run/secrets/empty',
      }
      expect(parse({ GITMSG_REMOTE, ...files }).backend).toMatchObject({
        sshKeyFile: '/run/secrets/token',
        sshKnownHostsFile: '/run/secrets/empty',
      })
    },
  )

  it('configures the local backend to push to GitHub', () => {
    const { backend } = parse({ GITMSG_BACKEND: 'local', GITHUB_REPO: 'ada/messages', GITHUB_TOKEN: 't' })
    expect(backend).toMatchObject({ remote: 'https://github.com/ada/messages.git', token: 't' })
  })

  it('configures the GitHub backend if a repository and a token are set', () => {
    const { backend } = parse(GITHUB)
    const apiUrl = 'https://api.github.com'
    expect(backend).toEqual({
      kind: 'github',
      branch: 'main',
      repository: 'ada/messages',
      token: 't',
      apiUrl,
    })
    const GITHUB_API_URL = 'http://127.0.0.1:4000'
    expect(parse({ ...GITHUB, GITHUB_API_URL }).backend).toMatchObject({ apiUrl: GITHUB_API_URL })
  })

  it("does not send GitHub's token to another remote", () => {
    const remote = 'https://git.example.org/messages.git'
    const github = { GITMSG_BACKEND: 'local', GITHUB_REPO: 'ada/messages', GITHUB_TOKEN: 't' }
    expect(parse({ ...github, GITMSG_REMOTE: remote }).backend).toMatchObject({ remote, token: undefined })
  })

  it.each(['/srv/ada', '/srv', '/srv/not/made/yet', '/home/ada/project/data'])(
    'accepts a data directory outside of repositories: %s',
    (path) => {
      expect(parse({ GITMSG_DATA_DIR: path }).dataDirectory).toBe(path)
    },
  )

  it("accepts another server's repository as the remote", () => {
    const remote = '/srv/ada/repository.git'
    expect(parse({ GITMSG_DATA_DIR: '/srv/bob', GITMSG_REMOTE: remote }).backend).toMatchObject({ remote })
  })

  it.each(['127.0.0.1', '127.8.8.8', '::1', 'localhost'])(
    'accepts a loopback address without tokens: %s',
    (HOST) => {
      expect(parse({ HOST }).host).toBe(HOST)
    },
  )
})

describe('parseConfig() for a server that other machines can reach', () => {
  const open = { HOST: '0.0.0.0', GITMSG_TOKENS_FILE: '/run/tokens/one' }

  it('accepts any address with tokens, and limits the request rate', () => {
    expect(parse(open)).toMatchObject({
      host: '0.0.0.0',
      access: { tokensFile: '/run/tokens/one', rateLimit: { requests: 60, seconds: 1 } },
    })
  })

  it.each(['/run/tokens/absent', '/run/tokens/none'])(
    'needs no token in the tokens file if there are accounts: %s',
    (tokensFile) => {
      const settings = { HOST: '0.0.0.0', GITMSG_TOKENS_FILE: tokensFile }
      expect(parse({ ...settings, GITMSG_ACCOUNTS: 'on' }).access).toMatchObject({ tokensFile })
      expect(() => parse(settings)).toThrow(/^- GITMSG_TOKENS_FILE: the file /m)
    },
  )

  it('reads the rate limit', () => {
    const limitOf = (GITMSG_RATE_LIMIT: string) => parse({ ...open, GITMSG_RATE_LIMIT }).access.rateLimit
    expect(limitOf('off')).toBeNull()
    expect(limitOf('600/60s')).toEqual({ requests: 600, seconds: 60 })
  })

  it('reads the lists of hosts and origins', () => {
    const { access } = parse({
      ...open,
      GITMSG_ALLOWED_HOSTS: 'Chat.example.org, 192.168.1.5:3000,[fe80::1]',
      GITMSG_ALLOWED_ORIGINS: 'https://app.example.org,http://localhost:5173',
    })
    expect(access.allowedHosts).toEqual(['chat.example.org', '192.168.1.5:3000', '[fe80::1]'])
    expect(access.allowedOrigins).toEqual(['https://app.example.org', 'http://localhost:5173'])
  })
})

describe('parseConfig() with problems', () => {
  // Covers IN-68, IN-73, V13.2.3
  it.each<[Environment, RegExp]>([
    [{ PORT: 'abc' }, /^- PORT must be/],
    [{ PORT: '70000' }, /^- PORT must be/],
    [{ PORT: '-1' }, /^- PORT must be/],
    [{ HOST: '0.0.0.0' }, /^- HOST must be a loopback/],
    [{ HOST: '192.168.1.5' }, /^- HOST must be a loopback/],
    [{ HOST: '::' }, /^- HOST must be a loopback/],
    [{ HOST: '127.0.0.1.example.org' }, /^- HOST must be a loopback/],
    [{ HOST: '0.0.0.0', GITMSG_TOKENS_FILE: '/absent' }, /^- GITMSG_TOKENS_FILE: the file cannot be read/],
    [{ HOST: '0.0.0.0', GITMSG_TOKENS_FILE: '/run/tokens/open' }, /^- GITMSG_TOKENS_FILE: .*chmod 600/],
    [{ GITMSG_TOKENS_FILE: '/run/tokens/none' }, /^- GITMSG_TOKENS_FILE: the file has no token/],
    [{ GITMSG_TOKENS_FILE: '/run/secrets/token' }, /^- GITMSG_TOKENS_FILE: .*chmod 600/],
    [{ GITMSG_ALLOWED_HOSTS: 'a.example, *' }, /^- GITMSG_ALLOWED_HOSTS has an invalid entry, "\*": /],
    [{ GITMSG_ALLOWED_HOSTS: 'https://example.org' }, /^- GITMSG_ALLOWED_HOSTS has an invalid entry/],
    [{ GITMSG_ALLOWED_ORIGINS: 'app://a, *' }, /^- GITMSG_ALLOWED_ORIGINS has an invalid entry, "\*": /],
    [
      { GITMSG_ALLOWED_ORIGINS: 'app://a/' },
      /^- GITMSG_ALLOWED_ORIGINS has an invalid entry, "app:\/\/a\/": /,
    ],
    [{ GITMSG_ALLOWED_ORIGINS: 'https://u:hunter2@a' }, /^- GITMSG_ALLOWED_ORIGINS (?!.*hunter2)/],
    [{ GITMSG_ALLOWED_ORIGINS: 'app://u:hunter2@a' }, /^- GITMSG_ALLOWED_ORIGINS (?!.*hunter2)/],
    [{ GITMSG_ALLOWED_ORIGINS: 'http://a:80' }, /^- GITMSG_ALLOWED_ORIGINS has an invalid entry/],
    [{ GITMSG_ALLOWED_ORIGINS: 'null' }, /^- GITMSG_ALLOWED_ORIGINS has an invalid entry/],
    [{ GITMSG_ALLOWED_ORIGINS: 'https://example.org/' }, /^- GITMSG_ALLOWED_ORIGINS has an invalid entry/],
    [{ GITMSG_RATE_LIMIT: '0/1s' }, /^- GITMSG_RATE_LIMIT must be/],
    [{ GITMSG_LIVE_SOCKETS: '-1' }, /^- GITMSG_LIVE_SOCKETS must be a whole number from 0 to 100000$/],
    [{ GITMSG_RATE_LIMIT: '60' }, /^- GITMSG_RATE_LIMIT must be/],
    [{ GITMSG_BACKEND: 'svn' }, /^- GITMSG_BACKEND must be one of/],
    [{ GITMSG_BACKEND: 'github', GITHUB_REPO: 'ada/messages' }, /^- GITHUB_TOKEN must be set/],
    [{ GITMSG_BACKEND: 'github', GITHUB_TOKEN: 't' }, /^- GITHUB_REPO must be set/],
    [{ GITHUB_REPO: 'https://github.com/ada/messages' }, /^- GITHUB_REPO: .* must look like owner\/name/],
    [{ ...GITHUB, GITHUB_API_URL: 'http://example.org' }, /^- GITHUB_API_URL: .* must be https/],
    [{ ...GITHUB, GITHUB_API_URL: 'https://u:hunter2@example.org' }, /^- GITHUB_API_URL: (?!.*hunter2)/],
    [{ GITMSG_BRANCH: '--upload-pack=x' }, /^- GITMSG_BRANCH: /],
    [{ GITMSG_BRANCH: 'a..b' }, /^- GITMSG_BRANCH: /],
    [{ GITMSG_BRANCH: 'a@{1}' }, /^- GITMSG_BRANCH: /],
    [{ GITMSG_BRANCH: '-' }, /^- GITMSG_BRANCH: /],
    [{ GITMSG_BRANCH: 'a\0b' }, /^- GITMSG_BRANCH: /],
    [{ GITMSG_REMOTE: 'ext::sh -c evil' }, /^- GITMSG_REMOTE: /],
    [{ GITMSG_REMOTE: 'fd::3' }, /^- GITMSG_REMOTE: /],
    [{ GITMSG_REMOTE: '-oProxyCommand=evil' }, /^- GITMSG_REMOTE: /],
    [{ GITMSG_REMOTE: 'ssh://-oProxyCommand=evil/x' }, /^- GITMSG_REMOTE: /],
    [{ GITMSG_REMOTE: '--upload-pack=evil' }, /^- GITMSG_REMOTE: /],
    [{ GITMSG_REMOTE: 'https://user:hunter2@example.org/x.git' }, /^- GITMSG_REMOTE: (?!.*hunter2)/],
    [{ GITMSG_REMOTE: 'https://example.org/x.git?token=hunter2' }, /^- GITMSG_REMOTE: (?!.*hunter2)/],
    [{ GITMSG_REMOTE: 'http://127.0.0.1\\@example.org/x.git' }, /^- GITMSG_REMOTE: /],
    [{ GITMSG_REMOTE: 'https:/ada:hunter2@example.org/x.git' }, /^- GITMSG_REMOTE: (?!.*hunter2)/],
    [{ GITMSG_REMOTE: 'ada:hunter2@example.org:x.git' }, /^- GITMSG_REMOTE: (?!.*hunter2)/],
    [{ GITMSG_REMOTE: 'ssh://%2DoProxyCommand=evil%20x/x' }, /^- GITMSG_REMOTE: /],
    [{ GITMSG_REMOTE: 'http://example.org/x.git', GITMSG_REMOTE_TOKEN: 't' }, /^- GITMSG_REMOTE: /],
    [{ GITMSG_REMOTE_TOKEN: 't' }, /^- GITMSG_REMOTE_TOKEN needs GITMSG_REMOTE/],
    [{ ...SSH, GITMSG_REMOTE_USER: 'ada' }, /^- GITMSG_REMOTE_USER needs GITMSG_REMOTE_TOKEN/],
    [{ ...HTTPS, GITMSG_REMOTE_TOKEN: 't', GITMSG_REMOTE_USER: 'a:b' }, /^- GITMSG_REMOTE_USER: /],
    [{ ...HTTPS, GITMSG_CA_FILE: '/absent' }, /^- GITMSG_CA_FILE: the file cannot be read/],
    [{ ...HTTPS, GITMSG_CA_FILE: '/run/secrets/token' }, /^- GITMSG_CA_FILE: .* in PEM/],
    [{ ...HTTPS, GITMSG_CA_FILE: '/run/tls/broken' }, /^- GITMSG_CA_FILE: .* in PEM/],
    [{ ...GITHUB, GITMSG_CA_FILE: '/absent' }, /^- GITMSG_CA_FILE: the file cannot be read/],
    [{ ...SSH, GITMSG_CA_FILE: '/run/tls/ca' }, /^- GITMSG_CA_FILE needs an https remote/],
    [{ GITMSG_CA_FILE: '/run/tls/ca' }, /^- GITMSG_CA_FILE needs an https remote/],
    [{ ...SSH, GITMSG_SSH_KEY_FILE: '/absent' }, /^- GITMSG_SSH_KEY_FILE: the file cannot be read/],
    [{ ...SSH, GITMSG_SSH_KEY_FILE: '/run/a"b' }, /^- GITMSG_SSH_KEY_FILE: the path .*quote/],
    [{ ...HTTPS, GITMSG_SSH_KEY_FILE: '/run/secrets/token' }, /^- GITMSG_SSH_KEY_FILE needs an ssh/],
    [
      { ...GITHUB, GITMSG_SSH_KNOWN_HOSTS_FILE: '/run/secrets/token' },
      /^- GITMSG_SSH_KNOWN_HOSTS_FILE needs/,
    ],
    [{ ...SSH, GITMSG_SSH_KNOWN_HOSTS_FILE: '/absent' }, /^- GITMSG_SSH_KNOWN_HOSTS_FILE: the file/],
    [{ GITMSG_REMOTE_TOKEN: '' }, /^- GITMSG_REMOTE_TOKEN is empty/],
    [{ GITHUB_REPO: 'ada/messages', GITHUB_TOKEN: '' }, /^- GITHUB_TOKEN is empty/],
    [{ GITHUB_REPO: 'ada/messages', GITHUB_TOKEN: ' \t' }, /^- GITHUB_TOKEN is empty/],
    [{ GITHUB_REPO: 'ada/messages', GITHUB_TOKEN: 'a b' }, /^- GITHUB_TOKEN: the GitHub token/],
    [{ GITMSG_TOKENS_FILE: '' }, /^- GITMSG_TOKENS_FILE is empty/],
    [{ GITMSG_TOKENS_FILE: '/run/tokens/empty' }, /^- GITMSG_TOKENS_FILE: the file is not valid JSON/],
    [{ GITMSG_DATA_DIR: '/run/tokens/one/data' }, /^- GITMSG_DATA_DIR: \/run\/tokens\/one is not a folder/],
    [{ GITMSG_DATA_DIR: '/srv/messages.git' }, /^- GITMSG_DATA_DIR is in a bare Git repository/],
    [{ GITMSG_DATA_DIR: '/srv/messages.git/data/of/ada' }, /^- GITMSG_DATA_DIR is in/],
    [{ GITMSG_DATA_DIR: '/srv/link/data' }, /^- GITMSG_DATA_DIR is in/],
    [{ GITMSG_DATA_DIR: '/home/ada/project/.git/data' }, /^- GITMSG_DATA_DIR is in/],
    [{ ...ADA, GITMSG_REMOTE: '/srv/ada/repository.git' }, /^- GITMSG_REMOTE: .*data directory itself/],
    [{ ...ADA, GITMSG_REMOTE: '/srv/ada/repository' }, /^- GITMSG_REMOTE: .*itself/],
    [{ ...ADA, GITMSG_REMOTE: 'file:///srv/ada/repository.git/' }, /^- GITMSG_REMOTE: .*itself/],
    [{ ...ADA, GITMSG_REMOTE: '/srv/ada-link.git' }, /^- GITMSG_REMOTE: .*itself/],
    [{ GITMSG_REMOTE: 'data/repository.git' }, /^- GITMSG_REMOTE: .*itself/],
    [{ GITMSG_FORMAT: '3' }, /^- GITMSG_FORMAT must be one of 1, 2$/],
    [{ GITMSG_FORMAT: '01' }, /^- GITMSG_FORMAT must be one of 1, 2$/],
    [{ GITMSG_FETCH_INTERVAL: '1.5' }, /^- GITMSG_FETCH_INTERVAL must be/],
    [{ GITMSG_PUSH_PATIENCE: '0' }, /^- GITMSG_PUSH_PATIENCE must be/],
    [{ GITMSG_FETCH_LIMIT: '0.5' }, /^- GITMSG_FETCH_LIMIT must be/],
    [{ LOG_LEVEL: 'loud' }, /^- LOG_LEVEL must be one of/],
    [{ GITHUB_TOKEN_FILE: '/absent' }, /^- GITHUB_TOKEN_FILE: the file cannot be read/],
    [{ GITHUB_TOKEN_FILE: '/run/secrets/empty' }, /^- GITHUB_TOKEN_FILE: the file is empty/],
    [
      { GITHUB_TOKEN: 't', GITHUB_TOKEN_FILE: '/run/secrets/token' },
      /^- GITHUB_TOKEN and GITHUB_TOKEN_FILE are both set/,
    ],
  ])('reports: %j', (environment, problem) => {
    expect(problemsOf(environment)).toEqual([expect.stringMatching(problem)])
  })

  it.each([
    ['/srv/ada', 'EACCES', /^- GITMSG_DATA_DIR: \/srv\/ada cannot be used \(EACCES\): check its owner/],
    ['/srv', 'EACCES', /^- GITMSG_DATA_DIR: \/srv cannot be used/, { GITMSG_DATA_DIR: '/srv/new/data' }],
    ['/srv/ada', 'EROFS', /^- GITMSG_DATA_DIR: \/srv\/ada cannot be used \(EROFS\): its disk is read-only/],
    ['/srv/bob/gitmsg.db', 'EACCES', /^- GITMSG_DATA_DIR: \/srv\/bob\/gitmsg\.db cannot/, BOB],
  ])('reports a data directory that cannot be used: %s %s', (path, code, problem, environment = ADA) => {
    const accessSync = (asked: string) => {
      if (asked === path) throw Object.assign(new Error('denied'), { code })
    }
    const parse = () => parseConfig(environment, Object.assign(Object.create(fileSystem), { accessSync }))
    expect(parse).toThrow(ConfigError)
    expect(parse).toThrow(new RegExp(problem.source, 'm'))
  })

  it('reports all problems at once', () => {
    expect(
      problemsOf({ PORT: 'x', HOST: '0.0.0.0', LOG_LEVEL: 'y', GITHUB_TOKEN_FILE: '/absent' }),
    ).toHaveLength(4)
  })
})
