import { resolve } from 'node:path'
import { type Address, privateConfigurationPath, remoteFolder } from './private-configuration.js'
import { type SshFiles, sshCommand } from './ssh-command.js'

/** Variables that a caller may pass to git; all others are ignored. */
const PASSED_VARIABLES: readonly string[] = [
  'PATH',
  'SSH_AUTH_SOCK',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  'https_proxy',
  'http_proxy',
  'all_proxy',
  'no_proxy',
  'TMPDIR',
  'SystemRoot',
]

/** What GitHub expects; other hosts accept any name, or require a certain one. */
export const DEFAULT_USER = 'x-access-token'

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/**
 * How much free memory git may keep. By default glibc returns it to the system at once and requests it again, which
 * takes two thirds of the time of `git fast-import`. Other C libraries ignore this.
 */
const MALLOC_TRIM_THRESHOLD_BYTES = 64 * 1024 * 1024

/** The configuration of every git command; no configuration file outside the repository is read. */
const SETTINGS: readonly (readonly [key: string, value: string])[] = [
  ['core.fsync', 'all'],
  ['core.fsyncMethod', 'batch'],
  ['core.hooksPath', '/dev/null'],
  ['core.autocrlf', 'false'],
  ['core.abbrev', '40'],
  // git does not hold a larger file in memory, and does not compare it with others. No file of ours is as large.
  ['core.bigFileThreshold', '16m'],
  ['commit.gpgsign', 'false'],
  ['credential.helper', ''],
  ['fetch.fsckObjects', 'true'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['http.followRedirects', 'false'],
  ['http.lowSpeedLimit', '1000'],
  ['http.lowSpeedTime', '20'],
  ['transfer.credentialsInUrl', 'die'],
  ['protocol.allow', 'never'],
]

/** What {@link createGitEnvironment} needs. */
export interface GitEnvironmentOptions {
  readonly directory: string
  /** Its scheme is the only protocol that git may use, its URL the only address that gets the token. */
  readonly remote: Address | null
  readonly token: string | undefined
  /** The user name that the token is sent with. Default: {@link DEFAULT_USER}. */
  readonly user?: string | undefined
  /** The file of the certificate authorities that are trusted, in PEM. Default: those of the system. */
  readonly caFile?: string | undefined
  readonly ssh?: SshFiles | undefined
  /** The caller's variables; only some are passed to git. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

/**
 * The whole environment of git, built from nothing: neither the variables of this process nor the user's or
 * system's Git configuration can change what git does. The token is passed here and nowhere else. If the remote is
 * a path, git reads a private configuration as well.
 */
export function createGitEnvironment(options: GitEnvironmentOptions): Record<string, string> {
  const { directory, environment, remote } = options
  const passed = PASSED_VARIABLES.flatMap((name) => {
    const value = environment[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return {
    PATH: DEFAULT_PATH,
    ...Object.fromEntries(passed),
    HOME: directory,
    LC_ALL: 'C',
    GIT_DIR: directory,
    GIT_CONFIG_GLOBAL: remoteFolder(remote) === null ? '/dev/null' : privateConfigurationPath(directory),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_ASKPASS: '',
    SSH_ASKPASS: '',
    MALLOC_TRIM_THRESHOLD_: String(MALLOC_TRIM_THRESHOLD_BYTES),
    GIT_SSH_COMMAND: sshCommand(options.ssh ?? {}),
    ...asVariables([...SETTINGS, ...remoteSettings(options)]),
  }
}

function remoteSettings({ remote, token, user, caFile }: GitEnvironmentOptions): [string, string][] {
  if (remote === null) return []
  const settings: [string, string][] = [[`protocol.${remote.scheme}.allow`, 'always']]
  if (token !== undefined) {
    settings.push([`http.${remote.url}.extraHeader`, `Authorization: Basic ${basicCredential(token, user)}`])
  }
  if (caFile !== undefined) {
    for (const key of ['http.sslCAInfo', 'http.proxySSLCAInfo']) settings.push([key, resolve(caFile)])
  }
  return settings
}

/** The form in which a token is sent. */
const basicCredential = (token: string, user = DEFAULT_USER): string =>
  Buffer.from(`${user}:${token}`).toString('base64')

function asVariables(settings: readonly (readonly [string, string])[]): Record<string, string> {
  const variables = settings.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ])
  return { GIT_CONFIG_COUNT: String(settings.length), ...Object.fromEntries(variables) }
}
