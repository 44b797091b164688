import { GitSyncError, type GitSyncErrorCode } from '../../git-sync-error.js'
import type { GitCommand, GitOutput } from './git-command.js'

interface FailureRule {
  readonly pattern: RegExp
  readonly code: GitSyncErrorCode
}

const RATE_LIMIT_MS = 60_000
const MAX_REASON_LENGTH = 500

/** The machine is out of memory, processes or file descriptors, which proves nothing about the repository. */
const OUT_OF_RESOURCES =
  /Cannot allocate memory|[Oo]ut of memory|Too many open files|Resource temporarily unavailable/

/** One branch has the name of a folder of another: `main` and `main/old`. */
const BRANCH_COLLISION = /' exists; cannot create '|refname conflict|directory\/file conflict/

/** Maps git's messages to codes; the first match wins. They are in English, because LC_ALL is C. */
const RULES: readonly FailureRule[] = [
  { code: 'unavailable', pattern: OUT_OF_RESOURCES },
  { code: 'misconfigured', pattern: /spawn .*git.* (?:ENOENT|EACCES)|git: command not found/ },
  { code: 'misconfigured', pattern: /ssh: not found|ssh: command not found|cannot run ssh/ },
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
  // The remote sends a page, a text or another kind of repository in place of git's protocol.
  {
    code: 'misconfigured',
    pattern: /returned error: 30\d|bad line length character|invalid server response/,
  },
  {
    code: 'misconfigured',
    pattern: /is this a git repository\?|mismatched algorithms|hash algorithm|SHA-256/,
  },
  { code: 'misconfigured', pattern: BRANCH_COLLISION },
  { code: 'unavailable', pattern: /No space left on device|Disk quota exceeded|Read-only file system/ },
  { code: 'unavailable', pattern: /Unable to create '.*\.lock'|cannot lock ref|File exists/ },
  { code: 'unavailable', pattern: /Could not resolve|Connection (?:refused|reset|timed out)|early EOF/ },
  { code: 'unavailable', pattern: /Failed to connect|unable to connect|hung up|returned error: 5\d\d/ },
  {
    code: 'unavailable',
    pattern: /Connection closed|kex_exchange|Broken pipe|No route to host|Network is unreachable/,
  },
  { code: 'unavailable', pattern: /Timeout, server|timed out|client_loop|getaddrinfo/ },
]

/** Damage of the local repository. A remote may print the same words, so they only count without one. */
const DAMAGE = [
  /bad object|bad tree|loose object .* corrupt|is corrupt|object file .* is empty/,
  /missing (?:blob|tree|commit|object)|unable to read (?:tree|sha1|[0-9a-f]{40})/,
  /not a valid (?:ref|object|commit)|invalid sha1 pointer|ignoring broken ref/i,
  /bad shallow line|unexpected line in .*packed-refs|bad config|hash mismatch/,
  /packfile .* (?:cannot be|does not match|claims to have|is version)|is not a GIT packfile/,
  /index file .* is (?:too small|version)|wrong index v\d file size|non-monotonic index/,
  /bad (?:object header|packed object|offset for revindex)|cannot unpack|(?:read|unpack) (?:delta|compressed)/,
  /not a git repository|(?:parse|find|load|read) (?:object|tree|commit)|inflate:/,
]

/** What git prints after an ssh command that ended without a word of its protocol. */
const NO_RESPONSE =
  /^(?:fatal: Could not read from remote repository\.|Please make sure .*|and the repository exists\.)$/

/** Failures before a push sends anything: the remote was not reached, or asked for credentials. */
const BEFORE_SENDING =
  /Could not resolve|Connection refused|Failed to connect|could not read (?:Username|Password)|unable to access|Permission denied \(|does not appear to be a git repository|[Rr]epository .*not found|spawn .*git/

/** Whether git ran out of memory, processes or file descriptors. */
export const isOutOfResources = (stderr: string): boolean => OUT_OF_RESOURCES.test(stderr)

/** Whether the name of the branch is taken, as a folder or by one. */
export const isBranchCollision = (text: string): boolean => BRANCH_COLLISION.test(text)

/** Whether a failure has words of damage, whoever they come from. */
export const mentionsDamage = (text: string): boolean => DAMAGE.some((pattern) => pattern.test(text))

/** Whether a push that failed like this may have reached the remote. */
export const mayHaveBeenSent = ({ stderr }: GitOutput): boolean =>
  SENDING.test(stderr) || !BEFORE_SENDING.test(withoutRemoteLines(stderr))

/** git's own progress: whatever else was printed, a push has begun to send. */
const SENDING = /^(?:Writing objects|Total \d)/m

/** git writes the end of its line `Total 3 (delta 0), ...` separately: a line of the remote may come before it. */
const END_OF_LINE = /[\r\n]+|(?<=^Total \d.*[\d)])(?=remote:)/m

/** The lines of git's standard error output. Those that begin with `remote:` are relayed from the remote. */
export const linesOf = (stderr: string): readonly string[] => stderr.split(END_OF_LINE)

/** git's own messages, without those it relays from the remote: a hook may print anything. */
const withoutRemoteLines = (stderr: string): string =>
  linesOf(stderr)
    .filter((line) => !line.startsWith('remote:'))
    .join('\n')

/**
 * The error for a failed git command: its name, how it ended, and the reason that git or the remote gave. Nothing
 * follows from the words of a killed git. An unknown failure is `unavailable`: it may pass.
 */
export function gitFailure(
  subject: string,
  { exitCode, stderr }: GitOutput,
  { contactsRemote = false }: Pick<GitCommand<unknown>, 'contactsRemote'> = {},
): GitSyncError {
  const code = exitCode === null ? 'unavailable' : codeFor(withoutRemoteLines(stderr), contactsRemote)
  const ending = exitCode === null ? 'was killed' : `exited with code ${exitCode}`
  const reason = reasonIn(stderr)
  return new GitSyncError(code, `${subject} ${ending}${reason && `: ${reason}`}`, {
    ...(code === 'rate-limited' && { retryAfter: RATE_LIMIT_MS }),
  })
}

function codeFor(text: string, contactsRemote: boolean): GitSyncErrorCode {
  const rule = RULES.find(({ pattern }) => pattern.test(text))
  if (rule !== undefined) return rule.code
  if (!contactsRemote) return mentionsDamage(text) ? 'corrupt' : 'unavailable'
  return isRefusedByAccount(text) ? 'misconfigured' : 'unavailable'
}

/** An ssh account that prints something and ends, such as nologin or a shell that does not know git's commands. */
function isRefusedByAccount(text: string): boolean {
  const lines = linesOf(text).filter((line) => line.trim() !== '')
  return lines.some((line) => NO_RESPONSE.test(line)) && lines.some((line) => !NO_RESPONSE.test(line))
}

/** The reason in git's output: one line of at most 500 characters, without progress and control characters. */
export function reasonIn(text: string): string {
  const lines = linesOf(text)
    .map((line) => line.replace(/\p{Cc}|\p{Cf}/gu, ' ').trim())
    .filter((line) => line !== '' && !PROGRESS.test(line))
  return lines.join('; ').slice(0, MAX_REASON_LENGTH)
}

const PROGRESS =
  /^(?:remote: )?\s*(?:Enumerating|Checking|Counting|Compressing|Writing|Receiving|Resolving|Unpacking|Total|Delta compression)\b.*(?:\d|\.\.\.)/

const REQUIRES_INTERVENTION = new Set(['EACCES', 'EPERM', 'ENOTDIR', 'EEXIST', 'ELOOP', 'ENAMETOOLONG'])

/**
 * Turns an error of the file system into a {@link GitSyncError}: `misconfigured` or `unavailable`. Returns anything
 * else as it is, so that a bug stays visible as one.
 */
export function asGitSyncError(error: unknown): unknown {
  if (error instanceof GitSyncError || !isSystemError(error)) return error
  const code = REQUIRES_INTERVENTION.has(error.code) ? 'misconfigured' : 'unavailable'
  return new GitSyncError(code, `the repository directory: ${error.code} in ${error.syscall}`, {
    cause: error,
  })
}

const isSystemError = (error: unknown): error is Error & { code: string; syscall: string } =>
  error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string'
