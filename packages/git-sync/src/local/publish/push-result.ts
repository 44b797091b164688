import { GitSyncError } from '../../git-sync-error.js'
import { gitFailure, isBranchCollision, linesOf, reasonIn } from '../git/failure.js'
import type { GitOutput } from '../git/git-command.js'

/**
 * The result of a push.
 *
 * - `accepted`: the remote has the commits; `previous` is where its branch was, `null` if it did not exist,
 *   `undefined` if it had the commits already
 * - `stale`: the push would not have been an append
 * - `rejected`: the remote rejected the commits, for this reason
 * - `unclear`: the branch has to be read; if it has not moved, `failure` is the error
 */
export type PushResult =
  | { readonly kind: 'accepted'; readonly previous: string | null | undefined }
  | { readonly kind: 'stale' }
  | { readonly kind: 'rejected'; readonly reason: string }
  | { readonly kind: 'unclear'; readonly failure: GitSyncError }

/**
 * The remote, or a proxy in front of it, does not accept as much at once: 413, 411 for a body of unknown length, or a
 * limit in words. Fewer commits may get through, so these commits are rejected.
 */
const TOO_MUCH =
  /(?:HTTP|error:) 41[13]\b|\btoo (?:large|big)\b|maximum allowed size|exceed\w* .*\b(?:limit|maximum|size)\b/i
/** Not any 429: git's progress counts through all numbers. */
const RATE_LIMIT = /rate limit|(?:HTTP|error:) 429\b/i
const STALE = /\[rejected\]|incorrect old value/
/** Another writer locked or moved the branch during the push, or the remote could not store anything. */
const CONTENDED =
  /but expected|already exists|failed to update ref|failed to lock|cannot lock|\.lock|File exists|unpacker error|missing necessary objects|failed to report status/

/**
 * Parses `git push --porcelain`. Only the line about `ref` is evidence; the exit code is not, except that the output
 * of a killed git is no evidence at all.
 */
export function parsePushResult(output: GitOutput, ref: string): PushResult {
  if (output.exitCode === null) return { kind: 'unclear', failure: failureOf(output) }
  const [flag, , summary = ''] =
    output.stdout
      .split('\n')
      .map((line) => line.split('\t'))
      .find(([, refs]) => refs?.endsWith(`:${ref}`)) ?? []

  if (flag === ' ' || flag === '+') return { kind: 'accepted', previous: summary.split('..', 1)[0] }
  if (flag === '*') return { kind: 'accepted', previous: null }
  if (flag === '=') return { kind: 'accepted', previous: undefined }
  if (flag !== '!') return { kind: 'unclear', failure: failureOf(output) }
  if (isBranchCollision(`${summary}\n${output.stderr}`)) {
    const reason = `the name of the branch collides with another branch: ${rejectionReason(summary, output.stderr)}`
    return { kind: 'unclear', failure: new GitSyncError('misconfigured', reason) }
  }
  if (STALE.test(summary)) return { kind: 'stale' }
  if (!CONTENDED.test(summary) || isTooMuch(output.stderr) || output.stderr.includes('fsck error')) {
    return { kind: 'rejected', reason: rejectionReason(summary, output.stderr) }
  }
  return {
    kind: 'unclear',
    failure: new GitSyncError(
      'unavailable',
      `the remote is busy: ${rejectionReason(summary, output.stderr)}`,
    ),
  }
}

const isTooMuch = (text: string): boolean => TOO_MUCH.test(text) && !RATE_LIMIT.test(text)

function failureOf(output: GitOutput): GitSyncError {
  if (output.exitCode !== null && isTooMuch(output.stderr)) {
    return new GitSyncError(
      'rejected',
      `the remote does not accept as much at once: ${reasonIn(output.stderr)}`,
    )
  }
  const reason = reasonIn(output.stderr)
  return output.exitCode === 0
    ? new GitSyncError(
        'unavailable',
        `git push ended without a response from the remote${reason && `: ${reason}`}`,
      )
    : gitFailure('git push', output, { contactsRemote: true })
}

/** The summary of the branch's line, and the messages that the remote sent along. */
function rejectionReason(summary: string, stderr: string): string {
  const messages = linesOf(stderr)
    .filter((line) => line.startsWith('remote:'))
    .map((line) => line.slice('remote:'.length))
  return reasonIn([summary, ...messages].join('\n'))
}
