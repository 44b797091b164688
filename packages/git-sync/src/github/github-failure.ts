import { GitSyncError, type GitSyncErrorCode } from '../git-sync-error.js'
import type { Refusal } from './refusal.js'

/** What an answer means, where no call knows better. The first line that fits counts. */
interface Meaning {
  readonly status: (status: number) => boolean
  readonly says?: RegExp
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
    says: /rule violation|protected branch|push protection|secret/i,
    code: 'rejected',
    text: 'a rule of the repository refuses this',
  },
  { status: is(403), says: /archived/i, code: 'forbidden', text: 'the repository is archived' },
  { status: is(403), code: 'forbidden', text: 'the token may not do this' },
  {
    status: is(404),
    code: 'not-found',
    text: 'there is no such repository on GitHub, or the token may not see it or not write to it',
  },
  { status: is(409), code: 'unavailable', text: 'the repository is being changed at the same time' },
  { status: is(413), code: 'rejected', text: 'GitHub finds this too large' },
  { status: is(422), says: /does not exist/i, code: 'unavailable', text: 'GitHub does not know of this yet' },
  { status: is(422), code: 'rejected', text: 'GitHub refuses this' },
  { status: is(451), code: 'forbidden', text: 'the repository is blocked for legal reasons' },
  { status: (status) => status >= 500, code: 'unavailable', text: 'GitHub is in trouble' },
]

/** The error for a refusal that is not about limits. It has GitHub's own words, and nothing of what was sent. */
export function githubFailure({ status, message, needed }: Refusal): GitSyncError {
  const meaning = MEANINGS.find((line) => line.status(status) && (line.says?.test(message) ?? true))
  const permission = status === 403 && needed !== '' ? `; it needs ${needed}` : ''
  const said = message === '' ? `status ${status}` : `${status} ${message}`
  const text = meaning?.text ?? 'GitHub gave an answer that was not expected'
  return new GitSyncError(meaning?.code ?? 'unavailable', `${text}${permission} (${said})`)
}
