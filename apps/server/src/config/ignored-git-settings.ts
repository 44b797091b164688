import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { parseRemote } from '@gitmsg/git-sync/local'
import type { BackendConfig, Environment } from './server-config.js'

const run = promisify(execFile)
const TIMEOUT_MS = 5_000

/** Variables that change how plain git reaches a remote. Platforms set others, such as `GIT_COMMIT`. */
const VARIABLE =
  /^(?:GIT_(?:SSH|SSL_|PROXY_|CONFIG|HTTP_|ASKPASS$|ALLOW_PROTOCOL$)|SSH_ASKPASS|SSL_CERT_(?:FILE|DIR)$)/

/** Keys that change how plain git reaches a remote, by the remote's scheme; `*` is for any. */
const KEYS: Readonly<Record<string, string>> = {
  '*': '^url\\.',
  https: '^(url|http|credential)\\.',
  http: '^(url|http|credential)\\.',
  ssh: '^(url\\.|core\\.sshcommand$)',
  git: '^(url\\.|core\\.gitproxy$)',
}

/** All that git needs to find the configuration of the user and the system. It gets no token. */
const PASSED_VARIABLES: readonly string[] = [
  'PATH',
  'HOME',
  'XDG_CONFIG_HOME',
  'USERPROFILE',
  'SystemRoot',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_SYSTEM',
  'GIT_CONFIG_NOSYSTEM',
]

/** What is configured for plain git and has no effect here. */
export interface IgnoredGitSettings {
  /** Names of variables. */
  readonly variables: readonly string[]
  /** Keys of the user's and the system's configuration, without what they apply to, which may be a secret. */
  readonly keys: readonly string[]
}

/**
 * Finds what would change how plain git reaches the remote, so that the operator can be warned: gitmsg gives git an
 * environment of its own. Reads only names. Finds nothing if there is no remote, and no keys if git cannot be run.
 */
export async function findIgnoredGitSettings(
  backend: BackendConfig,
  environment: Environment,
): Promise<IgnoredGitSettings> {
  if (backend.kind === 'github' || backend.remote === null) return { variables: [], keys: [] }
  const { scheme } = parseRemote(backend.remote)
  const variables = Object.keys(environment).filter((name) => VARIABLE.test(name) && environment[name])
  const pattern = KEYS[scheme] ?? KEYS['*'] ?? ''
  const found = await Promise.all(
    ['--system', '--global'].map((scope) => readKeys(scope, pattern, environment)),
  )
  return { variables: variables.toSorted(), keys: [...new Set(found.flat())].toSorted() }
}

async function readKeys(scope: string, pattern: string, environment: Environment): Promise<string[]> {
  const args = ['config', scope, '--includes', '--null', '--name-only', '--get-regexp', pattern]
  const passed = PASSED_VARIABLES.map((name) => [name, environment[name]] as const)
  const env = Object.fromEntries(passed.filter(([, value]) => value !== undefined))
  try {
    const { stdout } = await run('git', args, { env, timeout: TIMEOUT_MS })
    return stdout.split('\0').flatMap((key) => (key === '' ? [] : withoutSubsection(key)))
  } catch {
    return [] // git is absent, or there is no such key
  }
}

/** `http.https://ada:secret@example.org.proxy` is `http.*.proxy`. */
const withoutSubsection = (key: string): string =>
  key.replace(/^([^.]+)\.(?:.*\.)?([^.]+)$/s, (_, section, name) =>
    key.split('.').length > 2 ? `${section}.*.${name}` : `${section}.${name}`,
  )
