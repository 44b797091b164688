import { resolve } from 'node:path'
import { GitSyncError } from '../git-sync-error.js'
import { redactTokens } from '../redact.js'
import { assertText } from '../validate-options.js'

/** How Git reaches a remote; the only protocol that the git child is allowed to speak. */
export type RemoteScheme = 'https' | 'http' | 'ssh' | 'git' | 'file'

/** A remote that has been looked at; `url` holds no credential. */
export interface Remote {
  /** What git is given; a path is made absolute. */
  readonly url: string
  /** `ssh` for `user@host:path` too, `file` for a path. */
  readonly scheme: RemoteScheme
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/**
 * A URL of which everybody reads the same: our parser, git, curl and ssh differ in what they make of backslashes,
 * white space, and percent signs or letters beyond ASCII in a host.
 */
const PLAIN_URL =
  /^(?:(?<scheme>https?|ssh|git):\/\/(?:(?<user>[^\s/]*)@)?(?<host>\w[\w.-]*|\[[\da-fA-F:]+\])(?::\d+)?|file:\/\/(?=\/))(?:\/[^\s\\]*)?$/
const SCHEME_ALONE = /^(?:https?|ssh|git|file):/i
/** `.` and `..`, which some go along and others do not. */
const DOT_FOLDER = /\/(?:\.|%2e){1,2}(?:\/|$)/i
const USER = /^\w[\w.+-]*$/

/** `user@host:path`; an `@` in the path would make the host a user, and the path a password. */
const SCP_LIKE = /^(?:\w[\w.+-]*@)?\w[\w.-]+:[^:@][^@]*$/
/** To git, too. `C:\` and `C:/` are drives. */
const CLEARLY_A_PATH = /^(?:[/\\]|\.{1,2}(?:[/\\]|$)|[A-Za-z]:[/\\])/

const NO_PLAIN_URL = 'is not a plain https, http, ssh, git or file URL'

// None of these messages repeats the address: what is wrong with it may be that it holds a secret.
const refuse = (reason: string): never => {
  throw new GitSyncError('misconfigured', `the remote ${reason}`)
}

/**
 * Reads the address of a remote: an https, http, ssh, git or file URL, `user@host:path`, or a path.
 *
 * Throws `misconfigured` for what could run a command, be taken for an option, be read differently by git, or put
 * a credential where it can be seen; a token belongs in `token`, which only https, or http on this machine, may
 * carry. A relative path whose name has an `@` or `:` begins with `./`.
 */
export function parseRemote(address: string, token?: string): Remote {
  assertText('the remote', address)
  if (token !== undefined) assertText('the token', token)
  if (address.trim() === '') refuse('is empty')
  if (/\p{Cc}/u.test(address)) refuse('contains a control character')
  if (address.startsWith('-')) refuse('starts with "-"')
  if (/^[A-Za-z0-9+.-]+::/.test(address)) refuse('names a remote helper, which could run any command')
  if (redactTokens(address) !== address) refuse('contains what looks like a token')

  const remote = address.includes('://') ? parseUrl(address) : parsePathOrScp(address)
  if (token !== undefined) assertCarriesToken(remote)
  return remote
}

function parseUrl(address: string): Remote {
  if (/[?#]/.test(address)) refuse('has a query or fragment')
  const { scheme = 'file', user, host = '' } = PLAIN_URL.exec(address)?.groups ?? refuse(NO_PLAIN_URL)
  if (user !== undefined && (scheme !== 'ssh' || !USER.test(user))) refuse('contains a credential')
  const isReadAlike = URL.canParse(address) && new URL(address).hostname.toLowerCase() === host.toLowerCase()
  if (!isReadAlike || DOT_FOLDER.test(address)) refuse(NO_PLAIN_URL)
  return { url: address, scheme: scheme as RemoteScheme }
}

function parsePathOrScp(address: string): Remote {
  if (CLEARLY_A_PATH.test(address)) return { url: resolve(address), scheme: 'file' }
  if (SCHEME_ALONE.test(address)) refuse('has no "//" in its URL')
  if (SCP_LIKE.test(address)) return { url: address, scheme: 'ssh' }
  if (/[@:]/.test(address)) refuse('is no URL and no user@host:path; a path with "@" or ":" begins with "./"')
  return { url: resolve(address), scheme: 'file' }
}

function assertCarriesToken({ url, scheme }: Remote): void {
  if (scheme === 'https') return
  if (scheme !== 'http') refuse('is reached without http, so a token is of no use')
  if (!LOOPBACK.test(new URL(url).hostname)) refuse('would get the token over plain http; use https')
}
