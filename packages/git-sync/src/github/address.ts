import { GitSyncError } from '../git-sync-error.js'
import { assertText } from '../validate-options.js'

/** The address of a repository on GitHub. */
export interface Address {
  /** A person or an organization. */
  readonly owner: string
  /** The repository's own name. */
  readonly repo: string
}

const REPOSITORY = /^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/[A-Za-z0-9._-]{1,100}$/
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

// No message repeats the value: it may contain a secret.
const fail = (reason: string): never => {
  throw new GitSyncError('misconfigured', reason)
}

/** Reads `owner/name`. Throws `misconfigured` for anything else, such as a URL. */
export function parseRepository(text: string): Address {
  assertText('the GitHub repository', text)
  const [owner = '', repo = ''] = text.split('/')
  if (!REPOSITORY.test(text) || repo === '.' || repo === '..') {
    fail('the GitHub repository must look like owner/name')
  }
  return { owner, repo }
}

/**
 * Reads the URL of GitHub's API and returns it without a final slash. Throws `misconfigured` unless it is https (or
 * http on this machine) without a credential.
 */
export function parseApiUrl(text: string): string {
  assertText("the address of GitHub's API", text)
  // URL parsers treat a backslash as a slash and drop white space.
  if (/[\s\\]/.test(text) || !URL.canParse(text)) fail("the address of GitHub's API is not a URL")
  const { protocol, hostname, username, password, search, hash } = new URL(text)
  if (username !== '' || password !== '') fail("the address of GitHub's API contains a credential")
  if (search !== '' || hash !== '') fail("the address of GitHub's API has a query or fragment")
  if (protocol !== 'https:' && !(protocol === 'http:' && LOOPBACK.test(hostname))) {
    fail("the address of GitHub's API must be https; http is for this machine only")
  }
  return text.replace(/\/+$/, '')
}

/** The repository's URL for people and for git: that of `https://api.github.com` is on `https://github.com`. */
export function webAddress(apiUrl: string, { owner, repo }: Address): string {
  const { protocol, host, pathname } = new URL(apiUrl)
  const root = pathname.replace(/\/api\/v3$|\/$/, '')
  return `${protocol}//${host.replace(/^api\./, '')}${root}/${owner}/${repo}`
}

/** Throws `misconfigured` for a token that no HTTP header can carry. */
export function assertToken(token: string | undefined): void {
  if (token === undefined) return
  assertText('the GitHub token', token)
  if (!/^[\x21-\x7e]+$/.test(token)) {
    fail('the GitHub token is empty or contains a character that no token has')
  }
}
