import { GitSyncError } from '../../git-sync-error.js'
import type { GitAnswer } from '../git/git-command.js'
import { gitFailure, reasonIn } from '../git/failure.js'

/**
 * What the remote said to a push.
 *
 * - `accepted`: it has the commits; `previous` is where its branch was, `null` if it had none, `undefined`
 *   if it had the commits already
 * - `stale`: it would not have been an append
 * - `rejected`: it looked and said no
 * - `unclear`: nobody knows; the branch has to be read, and if it did not move, `failure` is why
 */
export type PushAnswer =
  | { readonly kind: 'accepted'; readonly previous: string | null | undefined }
  | { readonly kind: 'stale' }
  | { readonly kind: 'rejected'; readonly reason: string }
  | { readonly kind: 'unclear'; readonly failure: GitSyncError }

const STALE = /\[rejected\]|incorrect old value/
/** The branch was held or moved by somebody else while we pushed, or the remote could not store anything. */
const CONTENDED =
  /but expected|already exists|failed to update ref|failed to lock|cannot lock|\.lock|File exists|unpacker error|missing necessary objects|failed to report status/

/** Reads `git push --porcelain`. Only the line about our branch counts; the exit code proves nothing. */
export function readPushAnswer(answer: GitAnswer, ref: string): PushAnswer {
  const [flag, , summary = ''] =
    answer.stdout
      .split('\n')
      .map((line) => line.split('\t'))
      .find(([, refs]) => refs?.endsWith(`:${ref}`)) ?? []

  if (flag === ' ') return { kind: 'accepted', previous: summary.split('..', 1)[0] }
  if (flag === '*') return { kind: 'accepted', previous: null }
  if (flag === '=') return { kind: 'accepted', previous: undefined }
  if (flag !== '!') return { kind: 'unclear', failure: failureOf(answer) }
  if (STALE.test(summary)) return { kind: 'stale' }
  if (!CONTENDED.test(summary) || answer.stderr.includes('fsck error')) {
    return { kind: 'rejected', reason: refusalIn(summary, answer.stderr) }
  }
  return {
    kind: 'unclear',
    failure: new GitSyncError('unavailable', `the remote is busy: ${reasonIn(summary)}`),
  }
}

function failureOf(answer: GitAnswer): GitSyncError {
  return answer.exitCode === 0
    ? new GitSyncError('unavailable', 'git push ended without an answer from the remote')
    : gitFailure('git push', answer)
}

/** The remote's own words, from the lines that it sent to be shown, and its verdict on the branch. */
function refusalIn(summary: string, stderr: string): string {
  const said = stderr
    .split(/[\r\n]+/)
    .filter((line) => line.startsWith('remote:'))
    .map((line) => line.slice('remote:'.length))
  return reasonIn([summary, ...said].join('\n'))
}
