import { resolve } from 'node:path'
import { rootCertificates } from 'node:tls'
import { memfs } from 'memfs'
import { describe, expect, it } from 'vitest'
import type { ReadOnlyFileSystem } from '../file-system.js'
import { parseConfig } from './parse-config.js'
import { readSettings, unknownVariables } from './read-settings.js'
import type { Environment } from './server-config.js'
import { SETTINGS, type Setting } from './settings/settings.js'
import { toFileValue } from './settings/settings-file.js'

const DEFAULT_PATH = resolve('gitmsg.json')

/** A file system with a settings file, whose mode is that of a file of one user. */
function withFile(path: string, settings: object, mode = 0o600): ReadOnlyFileSystem {
  const token = {
    name: 'a',
    sha256: '0'.repeat(64),
    scopes: ['read'],
    created_at: '2025-01-09T00:06:41.000Z',
  }
  const { fs } = memfs({
    [path]: JSON.stringify(settings, null, 2),
    '/run/secret': 's3cret',
    '/run/database-url': 'postgres://db.example.org/b',
    '/run/ca': rootCertificates[0] ?? '',
    '/run/tokens': JSON.stringify({ version: 1, tokens: [token] }),
    '/srv': null,
  })
  fs.chmodSync(path, mode)
  fs.chmodSync('/run/tokens', 0o600)
  return fs as unknown as ReadOnlyFileSystem
}

const HTTPS = { GITMSG_REMOTE: 'https://git.example.org/messages.git' }
const SSH = { GITMSG_REMOTE: 'git@git.example.org:messages.git' }
const ACCOUNTS = { GITMSG_ACCOUNTS: 'on' }
const OIDC = { ...ACCOUNTS, GITMSG_OIDC_ISSUER: 'https://id.example.org', GITMSG_OIDC_CLIENT_ID: 'gitmsg' }
const DATABASE = { ...HTTPS, GITMSG_DATABASE_URL: 'postgres://db.example.org/a' }
const REPOSITORY = { GITMSG_BACKEND: 'github', GITHUB_REPO: 'ada/messages' }

/** A value of each setting that is not its default, and what that value needs. */
const EXAMPLES: Record<Setting, readonly [value: string, needs?: Environment]> = {
  GITMSG_CONFIG: [DEFAULT_PATH],
  GITMSG_URL: ['https://chat.example.org'],
  HOST: ['::1'],
  PORT: ['8080'],
  LOG_LEVEL: ['debug'],
  GITMSG_TOKENS_FILE: ['/run/tokens'],
  GITMSG_ALLOWED_HOSTS: ['chat.example.org,[fe80::1]'],
  GITMSG_ALLOWED_ORIGINS: ['https://app.example.org,capacitor://localhost'],
  GITMSG_RATE_LIMIT: ['600/60s'],
  GITMSG_LIVE_SOCKETS: ['0'],
  GITMSG_TRUSTED_PROXIES: ['10.0.0.0/8,::1'],
  GITMSG_DENY: ['192.0.2.0/24'],
  GITMSG_ACCOUNTS: ['on'],
  GITMSG_PUBLIC_READ: ['on', ACCOUNTS],
  GITMSG_REGISTRATION: ['open', ACCOUNTS],
  GITMSG_HOLD: ['newcomers', ACCOUNTS],
  GITMSG_SLOW_MODE: ['deploys=60,*=5', ACCOUNTS],
  GITMSG_DAILY_POSTS: ['200', ACCOUNTS],
  GITMSG_PUBLIC_URL: ['https://chat.example.org/', ACCOUNTS],
  GITMSG_OIDC_ISSUER: ['https://other.example.org', OIDC],
  GITMSG_OIDC_CLIENT_ID: ['other', OIDC],
  GITMSG_OIDC_CLIENT_SECRET: ['hunter2', OIDC],
  GITMSG_OIDC_CLIENT_SECRET_FILE: ['/run/secret', OIDC],
  GITMSG_DATA_DIR: ['/srv/data'],
  GITMSG_DATABASE_URL: ['postgres://gitmsg:hunter2@db.example.org/b', HTTPS],
  GITMSG_DATABASE_URL_FILE: ['/run/database-url', HTTPS],
  GITMSG_DATABASE_LISTEN_URL: ['postgres://primary.example.org/a', DATABASE],
  GITMSG_DATABASE_LISTEN_URL_FILE: ['/run/database-url', DATABASE],
  GITMSG_DATABASE_SCHEMA: ['chat', DATABASE],
  GITMSG_DATABASE_POOL_SIZE: ['4', DATABASE],
  GITMSG_DATABASE_MIGRATE: ['off', DATABASE],
  GITMSG_REMOTE: ['/srv/messages.git'],
  GITMSG_REMOTE_TOKEN: ['hunter2', HTTPS],
  GITMSG_REMOTE_TOKEN_FILE: ['/run/secret', HTTPS],
  GITMSG_REMOTE_USER: ['deploy-7', { ...HTTPS, GITMSG_REMOTE_TOKEN_FILE: '/run/secret' }],
  GITMSG_CA_FILE: ['/run/ca', HTTPS],
  GITMSG_SSH_KEY_FILE: ['/run/secret', SSH],
  GITMSG_SSH_KNOWN_HOSTS_FILE: ['/run/secret', SSH],
  GITMSG_BRANCH: ['messages'],
  GITMSG_FETCH_INTERVAL: ['0'],
  GITMSG_FORMAT: ['1'],
  GITMSG_PUSH_PATIENCE: ['1'],
  GITMSG_FETCH_LIMIT: ['1'],
  GITMSG_BACKEND: ['local', { GITHUB_REPO: 'ada/messages', GITHUB_TOKEN_FILE: '/run/secret' }],
  GITHUB_REPO: ['bob/messages', { ...REPOSITORY, GITHUB_TOKEN_FILE: '/run/secret' }],
  GITHUB_TOKEN: ['hunter2', REPOSITORY],
  GITHUB_TOKEN_FILE: ['/run/secret', REPOSITORY],
  GITHUB_API_URL: ['https://github.example.org/api/v3', { ...REPOSITORY, GITHUB_TOKEN_FILE: '/run/secret' }],
}

/** What only commands that talk to a server read, and what names the file itself. */
const WITHOUT_EFFECT: readonly Setting[] = ['GITMSG_CONFIG', 'GITMSG_URL']
/** Without these, what the example needs is not valid. */
const REQUIRED: readonly Setting[] = ['GITHUB_TOKEN', 'GITHUB_TOKEN_FILE']
const NAMES = [...SETTINGS.keys()].filter((name) => !WITHOUT_EFFECT.includes(name))

describe('parseConfig() with a settings file', () => {
  it.each(NAMES)('reads %s alike from the environment and from the file', (name) => {
    const [value, needs = {}] = EXAMPLES[name]
    const { [name]: _, ...others } = needs
    const fromEnvironment = parseConfig({ ...others, [name]: value }, withFile(DEFAULT_PATH, {}))
    const file = { [name]: toFileValue(name, value) }
    const fromFile = parseConfig(others, withFile(DEFAULT_PATH, file))
    expect(fromFile).toEqual(fromEnvironment)
    const parseWithout = () => parseConfig(needs, withFile(DEFAULT_PATH, {}))
    if (REQUIRED.includes(name)) expect(parseWithout).toThrow('must be set')
    else expect(fromFile).not.toEqual(parseWithout())
  })

  it('prefers the environment to the file, and the file to an empty variable', () => {
    const fileSystem = withFile(DEFAULT_PATH, { PORT: 4000, GITMSG_BRANCH: 'file', LOG_LEVEL: 'warn' })
    const environment = { PORT: '5000', GITMSG_BRANCH: '' }
    expect(parseConfig(environment, fileSystem)).toMatchObject({
      port: 5000,
      backend: { branch: 'file' },
      logLevel: 'warn',
    })
  })

  it.each([
    [{ GITHUB_TOKEN: 'variable' }, { GITHUB_TOKEN_FILE: '/run/secret' }, 'variable'],
    [{ GITHUB_TOKEN_FILE: '/run/secret' }, { GITHUB_TOKEN: 'file' }, 's3cret'],
    [{ GITHUB_TOKEN_FILE: '' }, { GITHUB_TOKEN: 'file' }, 'file'],
  ])('prefers a secret of the environment, or its file: %j over %j', (environment, file, token) => {
    const fileSystem = withFile(DEFAULT_PATH, { ...REPOSITORY, ...file })
    expect(parseConfig(environment, fileSystem)).toMatchObject({ backend: { token }, secrets: [token] })
  })

  // Covers IN-73
  it('names the line of each problem in the file, with those of the environment', () => {
    const file = { PORT: 70_000, LOG_LEVEL: 'info', GITMSG_REMOTE: 'ext::evil', GITMSG_HOLD: 'all', Port: 1 }
    const parse = () => parseConfig({ GITMSG_BRANCH: 'a..b' }, withFile(DEFAULT_PATH, file))
    const problems = [
      'gitmsg.json:6: "Port" is not a setting: write PORT',
      'GITMSG_BRANCH: .*',
      'gitmsg.json:4: GITMSG_REMOTE: .*',
      'gitmsg.json:5: GITMSG_HOLD needs GITMSG_ACCOUNTS=on.*',
      'gitmsg.json:2: PORT must be a whole number from 0 to 65535',
    ]
    expect(parse).toThrow(new RegExp(`:\\n${problems.map((problem) => `- ${problem}`).join('\\n')}$`))
  })

  // Covers IN-99
  it.each([
    [0o600, []],
    [0o640, [expect.stringMatching(/^gitmsg\.json:2: GITHUB_TOKEN must not be in a file/)]],
    [0o604, [expect.stringMatching(/^gitmsg\.json:2: GITHUB_TOKEN must not be in a file/)]],
  ])('accepts secrets in a file of mode %o as in other files of secrets', (mode, problems) => {
    const fileSystem = withFile(DEFAULT_PATH, { GITHUB_TOKEN: 'hunter2' }, mode)
    expect(readSettings({}, fileSystem).problems).toEqual(problems)
  })
})

describe('readSettings()', () => {
  it('reads the file that GITMSG_CONFIG names, and no other', () => {
    const fileSystem = withFile('/etc/gitmsg.json', { PORT: 4000 })
    const { values, sources } = readSettings({ GITMSG_CONFIG: '/etc/gitmsg.json', HOST: '::1' }, fileSystem)
    expect(values.get('PORT')).toBe('4000')
    expect(sources.get('PORT')).toEqual({ path: '/etc/gitmsg.json', line: 2 })
    expect(sources.get('HOST')).toBe('environment')
    expect(readSettings({}, fileSystem).values).toEqual(new Map())
  })

  // Covers IN-73
  it('reports a file that GITMSG_CONFIG names and that cannot be read', () => {
    const fileSystem = withFile(DEFAULT_PATH, { PORT: 4000 })
    expect(readSettings({ GITMSG_CONFIG: '/absent' }, fileSystem).problems).toEqual([
      'GITMSG_CONFIG: the file cannot be read',
    ])
  })
})

// Covers IN-73
it('unknownVariables() lists variables named GITMSG_... that are not settings, sorted', () => {
  const environment = { GITMSG_REMTOE: 'x', GITMSG_BRANCH: 'main', PATH: '/bin', GITMSG_BRACH: 'main' }
  expect(unknownVariables(environment)).toEqual(['GITMSG_BRACH', 'GITMSG_REMTOE'])
})
