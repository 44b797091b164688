import type { Remote } from '../publish/remote-url.js'

/** Variables that a caller may pass on to git; any other is ignored. */
const PASSED_ON: readonly string[] = [
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

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/**
 * How much free memory, in bytes, git may keep for itself. By default glibc gives it back to the system at once
 * and asks for it again, which is two thirds of the time of `git fast-import`. Other C libraries ignore it.
 */
const KEPT_MEMORY = String(64 * 1024 * 1024)

/** Settings that hold for every git command; nobody's configuration files are read. */
const SETTINGS: readonly (readonly [key: string, value: string])[] = [
  ['core.fsync', 'all'],
  ['core.fsyncMethod', 'batch'],
  ['core.hooksPath', '/dev/null'],
  ['core.autocrlf', 'false'],
  ['core.abbrev', '40'],
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

/** What {@link createGitEnvironment} needs to know. */
export interface GitEnvironmentOptions {
  readonly directory: string
  readonly remote: Remote | null
  readonly token: string | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
}

/**
 * The whole environment of the git child, built from nothing: neither this process's variables nor anyone's
 * Git configuration can change what git does. The token travels in here and nowhere else.
 */
export function createGitEnvironment(options: GitEnvironmentOptions): Record<string, string> {
  const { directory, environment } = options
  const passedOn = PASSED_ON.flatMap((name) => {
    const value = environment[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return {
    PATH: DEFAULT_PATH,
    ...Object.fromEntries(passedOn),
    HOME: directory,
    LC_ALL: 'C',
    GIT_DIR: directory,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_ASKPASS: '',
    SSH_ASKPASS: '',
    MALLOC_TRIM_THRESHOLD_: KEPT_MEMORY,
    GIT_SSH_COMMAND:
      'ssh -oBatchMode=yes -oConnectTimeout=10 -oServerAliveInterval=5 -oServerAliveCountMax=3',
    ...asVariables([...SETTINGS, ...remoteSettings(options)]),
  }
}

function remoteSettings({ remote, token }: GitEnvironmentOptions): [string, string][] {
  if (remote === null) return []
  const settings: [string, string][] = [[`protocol.${remote.scheme}.allow`, 'always']]
  if (token !== undefined) {
    settings.push([`http.${remote.url}.extraHeader`, `Authorization: Basic ${basicCredential(token)}`])
  }
  return settings
}

/** The form in which a token goes over the wire. */
const basicCredential = (token: string): string => Buffer.from(`x-access-token:${token}`).toString('base64')

function asVariables(settings: readonly (readonly [string, string])[]): Record<string, string> {
  const variables = settings.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ])
  return { GIT_CONFIG_COUNT: String(settings.length), ...Object.fromEntries(variables) }
}
