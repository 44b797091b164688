import { GitSyncError } from '../git-sync-error.js'
import { assertText } from '../options.js'

/** Where a repository is on GitHub. */
export interface Address {
  /** A person or an organization. */
  readonly owner: string
  /** The repository's own name. */
  readonly repo: string
}

const REPOSITORY = /^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/[A-Za-z0-9._-]{1,100}$/
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

// None of these messages repeats what was given: what is wrong with it may be that it holds a secret.
const refuse = (reason: string): never => {
  throw new GitSyncError('misconfigured', reason)
}

/** Reads `owner/name`. Throws `misconfigured` for anything else, such as a URL. */
export function parseRepository(text: string): Address {
  assertText('the GitHub repository', text)
  const [owner = '', repo = ''] = text.split('/')
  if (!REPOSITORY.test(text) || repo === '.' || repo === '..') {
    refuse('the GitHub repository must look like owner/name')
  }
  return { owner, repo }
}

/**
 * Reads the address of GitHub's API, and answers it without a final slash. Throws `misconfigured` unless it is
 * https, or http on this machine, and carries no credential.
 */
export function parseApiUrl(text: string): string {
  assertText("the address of GitHub's API", text)
  // A parser of URLs takes a backslash for a slash, and leaves white space out.
  if (/[\s\\]/.test(text) || !URL.canParse(text)) refuse("the address of GitHub's API is not a URL")
  const { protocol, hostname, username, password, search, hash } = new URL(text)
  if (username !== '' || password !== '') refuse("the address of GitHub's API contains a credential")
  if (search !== '' || hash !== '') refuse("the address of GitHub's API has a query or fragment")
  if (protocol !== 'https:' && !(protocol === 'http:' && LOOPBACK.test(hostname))) {
    refuse("the address of GitHub's API must be https; http is for this machine only")
  }
  return text.replace(/\/+$/, '')
}

/** The address of the repository for people and for git: `https://api.github.com` speaks for `https://github.com`. */
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
    refuse('the GitHub token is empty, or has a character that no token has')
  }
}
