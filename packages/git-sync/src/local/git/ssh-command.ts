import { resolve } from 'node:path'
import { GitSyncError } from '../../git-sync-error.js'
import { assertText } from '../../validate-options.js'

/** Files for ssh; without them it uses the agent, and those of the user. */
export interface SshFiles {
  /** A private key without a passphrase; the only one that is offered. */
  readonly keyFile?: string | undefined
  /** The host keys that are accepted, and no others. */
  readonly knownHostsFile?: string | undefined
}

const ALWAYS = [
  '-oBatchMode=yes',
  '-oConnectTimeout=10',
  '-oServerAliveInterval=5',
  '-oServerAliveCountMax=3',
]

/** The command for git's `GIT_SSH_COMMAND`, which a shell splits. */
export function sshCommand({ keyFile, knownHostsFile }: SshFiles): string {
  const options = [...ALWAYS]
  if (keyFile !== undefined) options.push(`-oIdentityFile=${value(keyFile)}`, '-oIdentitiesOnly=yes')
  if (knownHostsFile !== undefined) {
    options.push(`-oUserKnownHostsFile=${value(knownHostsFile)}`, '-oGlobalKnownHostsFile=/dev/null')
    options.push('-oStrictHostKeyChecking=yes')
  }
  return ['ssh', ...options.map(inShell)].join(' ')
}

/**
 * Throws `misconfigured` unless ssh can be given the path: its options have no escape for a quote. The message never
 * repeats the path.
 */
export function assertSshPath(name: string, path: string | undefined): void {
  if (path === undefined) return
  assertText(name, path)
  if (path === '' || /["\\\p{Cc}]|\$\{/u.test(path)) {
    throw new GitSyncError(
      'misconfigured',
      `${name} is empty or contains a quote, a backslash, "\${" or a control character`,
    )
  }
}

/** A path as the value of an option: quoted for spaces, with ssh's own `%` doubled. */
const value = (path: string): string => `"${resolve(path).replaceAll('%', '%%')}"`

const inShell = (text: string): string =>
  /^[\w=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
