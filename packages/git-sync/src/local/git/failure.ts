import { GitSyncError, type GitSyncErrorCode } from '../../git-sync-error.js'
import type { GitAnswer } from './git-command.js'

interface FailureRule {
  readonly pattern: RegExp
  readonly code: GitSyncErrorCode
}

const RATE_LIMIT_PAUSE = 60_000
const MAX_REASON = 500

/** The machine has no more to give at the moment: nothing is wrong with what git was looking at. */
const OUT_OF_RESOURCES =
  /Cannot allocate memory|[Oo]ut of memory|Too many open files|Resource temporarily unavailable/

/** How git's words become codes; the first that matches counts. git speaks English here: LC_ALL is C. */
const RULES: readonly FailureRule[] = [
  { code: 'unavailable', pattern: OUT_OF_RESOURCES },
  { code: 'misconfigured', pattern: /spawn .*git.* (?:ENOENT|EACCES)|git: command not found/ },
  { code: 'misconfigured', pattern: /Host key verification failed|transport '.*' not allowed/ },
  {
    code: 'misconfigured',
    pattern: /fsck error|(?:SSL|TLS) certificate|certificate verif|is not a git command|dubious ownership/i,
  },
  { code: 'rate-limited', pattern: /returned error: 429|HTTP 429/ },
  { code: 'unauthorized', pattern: /could not read (?:Username|Password)|Authentication failed/ },
  { code: 'unauthorized', pattern: /returned error: 401|HTTP 401|Permission denied \(/ },
  { code: 'forbidden', pattern: /returned error: 403|HTTP 403|Permission to \S+ denied|access denied/i },
  { code: 'not-found', pattern: /does not appear to be a git repository|repository '.*' not found/i },
  {
    code: 'not-found',
    pattern: /Repository not found|returned error: 404|not exported|'.*' does not exist/i,
  },
  { code: 'unavailable', pattern: /No space left on device|Disk quota exceeded|Read-only file system/ },
  { code: 'unavailable', pattern: /Unable to create '.*\.lock'|cannot lock ref|File exists/ },
  { code: 'unavailable', pattern: /Could not resolve|Connection (?:refused|reset|timed out)|early EOF/ },
  { code: 'unavailable', pattern: /Failed to connect|unable to connect|hung up|returned error: 5\d\d/ },
  {
    code: 'corrupt',
    pattern: /bad object|bad tree|loose object .* corrupt|is corrupt|object file .* is empty/,
  },
  {
    code: 'corrupt',
    pattern: /missing (?:blob|tree|commit|object)|unable to read (?:tree|sha1|[0-9a-f]{40})/,
  },
  { code: 'corrupt', pattern: /not a valid (?:ref|object|commit)|invalid sha1 pointer|ignoring broken ref/i },
  {
    code: 'corrupt',
    pattern:
      /bad shallow line|packfile .* cannot be|unexpected line in .*packed-refs|bad config|hash mismatch/,
  },
  {
    code: 'corrupt',
    pattern: /not a git repository|(?:parse|find|load|read) (?:object|tree|commit)|inflate:/,
  },
]

/** Failures after which a push cannot have done anything: the remote was not reached, or asked who we are. */
const BEFORE_SENDING =
  /Could not resolve|Connection refused|Failed to connect|could not read (?:Username|Password)|unable to access|Permission denied \(|does not appear to be a git repository|[Rr]epository .*not found|spawn .*git/

/** Whether git failed for lack of memory, processes or file descriptors. */
export const isOutOfResources = (stderr: string): boolean => OUT_OF_RESOURCES.test(stderr)

/** Whether a push that failed in this way can have reached the remote. */
export const mayHaveBeenSent = ({ stderr }: GitAnswer): boolean => !BEFORE_SENDING.test(ownWords(stderr))

/** What our git says, without what the remote had it say: a hook may print anything. */
const ownWords = (stderr: string): string => stderr.replace(/^remote:.*$/gm, '')

/** The error for a git command that failed: what it was doing, and what git said about it. */
export function gitFailure(subject: string, { exitCode, stderr }: GitAnswer): GitSyncError {
  const words = ownWords(stderr)
  const code = RULES.find(({ pattern }) => pattern.test(words))?.code ?? 'unavailable'
  const ending = exitCode === null ? 'was ended' : `ended with exit code ${exitCode}`
  const reason = reasonIn(stderr)
  return new GitSyncError(code, `${subject} ${ending}${reason && `: ${reason}`}`, {
    ...(code === 'rate-limited' && { retryAfter: RATE_LIMIT_PAUSE }),
  })
}

/** The lines of git's output that say why, on one line, without control characters, and not too long. */
export function reasonIn(text: string): string {
  const lines = text
    .split(/[\r\n]+/)
    .map((line) => line.replace(/\p{Cc}|\p{Cf}/gu, ' ').trim())
    .filter((line) => line !== '' && !PROGRESS.test(line))
  return lines.join('; ').slice(0, MAX_REASON)
}

const PROGRESS =
  /^(?:remote: )?\s*(?:Enumerating|Checking|Counting|Compressing|Writing|Receiving|Resolving|Unpacking|Total|Delta compression)\b.*(?:\d|\.\.\.)/
