import { resolve } from 'node:path'
import { GitSyncError } from '../git-sync-error.js'

/** How Git reaches a remote; the only protocol that the git child is allowed to speak. */
export type RemoteScheme = 'https' | 'http' | 'ssh' | 'git' | 'file'

/** A remote that has been looked at; `url` holds no credential. */
export interface Remote {
  /** What git is given; a path is made absolute. */
  readonly url: string
  /** `ssh` for `user@host:path` too, `file` for a path. */
  readonly scheme: RemoteScheme
}

const SCHEMES: readonly string[] = ['https', 'http', 'ssh', 'git', 'file'] satisfies RemoteScheme[]
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/
/** `user@host:path`; a Windows drive such as `C:\` is a path. */
const SCP_LIKE = /^(?:[A-Za-z0-9._-]+@)?[A-Za-z0-9][A-Za-z0-9.-]+:(?!:)(?!\/\/).+$/

// None of these messages repeats the address: what is wrong with it may be that it holds a secret.
const refuse = (reason: string): never => {
  throw new GitSyncError('misconfigured', `the remote ${reason}`)
}

/**
 * Reads the address of a remote: an https, http, ssh, git or file URL, `user@host:path`, or a path.
 *
 * Throws `misconfigured` for what could run a command, be taken for an option, or put a credential where
 * it can be seen; a token belongs in `token`, which only https, or http on this machine, may carry.
 */
export function parseRemote(address: string, token?: string): Remote {
  if (address.trim() === '') refuse('is empty')
  if (/\p{Cc}/u.test(address)) refuse('contains a control character')
  if (address.startsWith('-')) refuse('starts with "-"')
  if (/^[A-Za-z0-9]+::/.test(address)) refuse('names a remote helper, which could run any command')

  const remote = address.includes('://') ? parseUrl(address) : parsePathOrScp(address)
  if (token !== undefined) assertCarriesToken(remote)
  return remote
}

function parseUrl(address: string): Remote {
  const scheme = address.slice(0, address.indexOf('://')).toLowerCase()
  if (!SCHEMES.includes(scheme) || !URL.canParse(address))
    refuse('is not an https, http, ssh, git or file URL')
  const url = new URL(address)
  if (url.password !== '') refuse('contains a password')
  if (url.username !== '' && scheme !== 'ssh') refuse('contains a user name or token')
  if (url.hostname.startsWith('-') || url.username.startsWith('-')) refuse('has a host that starts with "-"')
  if (scheme.startsWith('http') && (url.search !== '' || url.hash !== '')) refuse('has a query or fragment')
  return { url: address, scheme: scheme as RemoteScheme }
}

function parsePathOrScp(address: string): Remote {
  if (SCP_LIKE.test(address)) return { url: address, scheme: 'ssh' }
  return { url: resolve(address), scheme: 'file' }
}

function assertCarriesToken({ url, scheme }: Remote): void {
  if (scheme === 'https') return
  if (scheme !== 'http') refuse('is reached without http, so a token is of no use')
  if (!LOOPBACK.test(new URL(url).hostname)) refuse('would get the token over plain http; use https')
}
