import { GitSyncError, type GitSyncErrorCode } from '../../git-sync-error.js'
import type { OctokitResponse, Sanitize } from './octokit.js'

/** A response with a status of 400 or more. */
export interface ErrorResponse {
  readonly status: number
  /** GitHub's own words, sanitized; empty if the response is not GitHub's, e.g. a proxy's page. */
  readonly message: string
  /** The permission that the token lacks, if GitHub names it. */
  readonly needed: string
  readonly headers: Readonly<Record<string, string | number | undefined>>
}

/** Reads an error response. */
export function readErrorResponse(
  { status, data, headers }: OctokitResponse,
  sanitize: Sanitize,
): ErrorResponse {
  const body = typeof data === 'object' && data !== null ? data : {}
  const { message, errors } = body as Record<string, unknown>
  const details = (Array.isArray(errors) ? errors : []).map((error) => textOf(error?.message ?? error))
  const text = [textOf(message), ...details].filter((part) => part !== '').join(': ')
  const needed = textOf(headers['x-accepted-github-permissions'])
  return { status, message: sanitize(text), needed: sanitize(needed), headers }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** What an error response means. The first row that matches applies. */
interface Meaning {
  readonly status: (status: number) => boolean
  readonly message?: RegExp
  readonly code: GitSyncErrorCode
  readonly text: string
}

const is = (wanted: number) => (status: number) => status === wanted

const MEANINGS: readonly Meaning[] = [
  {
    status: is(401),
    code: 'unauthorized',
    text: 'GitHub does not accept the token: it is wrong, was revoked or has expired',
  },
  {
    status: (status) => [403, 409, 422].includes(status),
    message: /rule violation|protected branch|push protection|secret/i,
    code: 'rejected',
    text: 'a rule of the repository does not allow this',
  },
  { status: is(403), message: /archived/i, code: 'forbidden', text: 'the repository is archived' },
  { status: is(403), code: 'forbidden', text: 'the token does not permit this' },
  {
    status: is(404),
    code: 'not-found',
    text: 'there is no such repository on GitHub, or the token does not permit seeing it or writing to it',
  },
  { status: is(409), code: 'unavailable', text: 'the repository is being changed at the same time' },
  { status: is(413), code: 'rejected', text: 'the request is too large for GitHub' },
  { status: is(422), message: /does not exist/i, code: 'unavailable', text: 'GitHub cannot see this yet' },
  { status: is(422), code: 'rejected', text: 'GitHub rejected the request' },
  { status: is(451), code: 'forbidden', text: 'the repository is blocked for legal reasons' },
  { status: (status) => status >= 500, code: 'unavailable', text: 'GitHub failed' },
]

/** The error for a response that is not about limits. It has GitHub's own words, and nothing of what was sent. */
export function githubFailure({ status, message, needed }: ErrorResponse): GitSyncError {
  const meaning = MEANINGS.find((row) => row.status(status) && (row.message?.test(message) ?? true))
  const permission = status === 403 && needed !== '' ? `; it needs ${needed}` : ''
  const details = message === '' ? `status ${status}` : `${status} ${message}`
  const text = meaning?.text ?? 'unexpected response from GitHub'
  return new GitSyncError(meaning?.code ?? 'unavailable', `${text}${permission} (${details})`)
}
