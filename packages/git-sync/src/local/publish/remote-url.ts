import { resolve } from 'node:path'
import { GitSyncError } from '../../git-sync-error.js'
import { redactTokens } from '../../redact.js'
import { assertText } from '../../validate-options.js'

/** The protocol of a remote; the only one that git may use. */
export type RemoteScheme = 'https' | 'http' | 'ssh' | 'git' | 'file'

/** A validated remote; `url` never contains a credential. */
export interface Remote {
  /** As passed to git; a path is absolute. */
  readonly url: string
  /** `user@host:path` is `ssh`, a path is `file`. */
  readonly scheme: RemoteScheme
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/**
 * A URL that every parser reads alike: Node.js, git, curl and ssh differ about backslashes, white space, and percent
 * signs or non-ASCII letters in a host.
 */
const PLAIN_URL =
  /^(?:(?<scheme>https?|ssh|git):\/\/(?:(?<user>[^\s/]*)@)?(?<host>\w[\w.-]*|\[[\da-fA-F:]+\])(?::\d+)?|file:\/\/(?=\/))(?:\/[^\s\\]*)?$/
const SCHEME_WITHOUT_SLASHES = /^(?:https?|ssh|git|file):/i
/** `.` and `..`, which some programs resolve and others do not. */
const DOT_FOLDER = /\/(?:\.|%2e){1,2}(?:\/|$)/i
const USER = /^\w[\w.+-]*$/

/** `user@host:path`; an `@` in the path would make the host a user, and the path a password. */
const SCP_LIKE = /^(?:\w[\w.+-]*@)?\w[\w.-]+:[^:@][^@]*$/
/** A path to git as well; `C:\` and `C:/` are drives. */
const CLEARLY_A_PATH = /^(?:[/\\]|\.{1,2}(?:[/\\]|$)|[A-Za-z]:[/\\])/

const NOT_A_PLAIN_URL = 'is not a plain https, http, ssh, git or file URL'

// No message repeats the address: it may contain a secret.
const fail = (reason: string): never => {
  throw new GitSyncError('misconfigured', `the remote ${reason}`)
}

/**
 * Parses the address of a remote: an https, http, ssh, git or file URL, `user@host:path`, or a path. A relative
 * path with an `@` or `:` must start with `./`. Pass a token as `token`: only https, or http on this machine, may
 * carry one.
 *
 * @throws {GitSyncError} `misconfigured` if the address could run a command, be taken for an option, be read
 *   differently by another program, or expose a credential; the message never repeats it
 * @example
 * parseRemote('git@example.com:owner/name.git') // { url: 'git@example.com:owner/name.git', scheme: 'ssh' }
 */
export function parseRemote(address: string, token?: string): Remote {
  assertText('the remote', address)
  if (token !== undefined) assertText('the token', token)
  if (address.trim() === '') fail('is empty')
  if (/\p{Cc}/u.test(address)) fail('contains a control character')
  if (address.startsWith('-')) fail('starts with "-"')
  if (/^[A-Za-z0-9+.-]+::/.test(address)) fail('names a remote helper, which could run any command')
  if (redactTokens(address) !== address) fail('contains what looks like a token')

  const remote = address.includes('://') ? parseUrl(address) : parsePathOrScp(address)
  if (token !== undefined) assertCarriesToken(remote)
  return remote
}

function parseUrl(address: string): Remote {
  if (/[?#]/.test(address)) fail('has a query or fragment')
  const { scheme = 'file', user, host = '' } = PLAIN_URL.exec(address)?.groups ?? fail(NOT_A_PLAIN_URL)
  if (user !== undefined && (scheme !== 'ssh' || !USER.test(user))) fail('contains a credential')
  const isUnambiguous =
    URL.canParse(address) && new URL(address).hostname.toLowerCase() === host.toLowerCase()
  if (!isUnambiguous || DOT_FOLDER.test(address)) fail(NOT_A_PLAIN_URL)
  return { url: address, scheme: scheme as RemoteScheme }
}

function parsePathOrScp(address: string): Remote {
  if (CLEARLY_A_PATH.test(address)) return { url: resolve(address), scheme: 'file' }
  if (SCHEME_WITHOUT_SLASHES.test(address)) fail('has no "//" in its URL')
  if (SCP_LIKE.test(address)) return { url: address, scheme: 'ssh' }
  if (/[@:]/.test(address))
    fail('is neither a URL nor user@host:path; a path with "@" or ":" must start with "./"')
  return { url: resolve(address), scheme: 'file' }
}

function assertCarriesToken({ url, scheme }: Remote): void {
  if (scheme === 'https') return
  if (scheme !== 'http') fail('does not use https, so it cannot carry a token')
  if (!LOOPBACK.test(new URL(url).hostname)) fail('would receive the token over plain http; use https')
}
