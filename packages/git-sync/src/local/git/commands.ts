import type { CommitHash } from '../../git-backend.js'
import { GitSyncError } from '../../git-sync-error.js'
import { gitFailure } from './failure.js'
import { type GitCommand, type GitOutput, ignoreOutput } from './git-command.js'
import { BELOW_NORMAL_NICENESS } from './process-priority.js'

/** The full name of a branch. */
export const branchRef = (branch: string): string => `refs/heads/${branch}`

/** The version of git. */
export const version: GitCommand<{ major: number; minor: number }> = {
  args: ['version'],
  parse({ stdout }) {
    const [, major, minor] = /^git version (\d+)\.(\d+)/.exec(stdout) ?? []
    if (minor === undefined) throw new GitSyncError('misconfigured', '"git" on the PATH is not Git')
    return { major: Number(major), minor: Number(minor) }
  },
}

/**
 * Creates the repository, or completes one that is incomplete; leaves a complete one unchanged.
 * Without `--quiet`, because simple-git delays a command that prints nothing.
 */
export const initialize = (branch: string): GitCommand<void> => ({
  args: ['init', '--bare', '--template=', `--initial-branch=${branch}`],
  parse: ignoreOutput,
})

/** Points HEAD at the branch, so that plain git shows it as checked out. */
export const pointHeadAt = (branch: string): GitCommand<void> => ({
  args: ['symbolic-ref', '--end-of-options', 'HEAD', branchRef(branch)],
  parse: ignoreOutput,
})

/** The tip of the local branch. Unlike `rev-parse`, it tells a damaged branch from a missing one. */
export const localHead = (branch: string): GitCommand<CommitHash | null> => ({
  args: ['for-each-ref', '--format=%(objectname)%09%(refname)', '--end-of-options', branchRef(branch)],
  parse(output) {
    const hash = hashOfBranch(branch, output)
    const isUnreadable = output.stderr.includes('ignoring') || (hash === null && output.stderr !== '')
    if (isUnreadable) throw gitFailure('git for-each-ref', output)
    return hash
  },
})

/** The tip of the remote's branch. */
export const remoteHead = (
  url: string,
  branch: string,
  idleTimeoutMs: number,
): GitCommand<CommitHash | null> => ({
  args: ['ls-remote', '--end-of-options', url, branchRef(branch)],
  processGroup: { idleTimeoutMs },
  contactsRemote: true,
  parse(output) {
    const hash = hashOfBranch(branch, output)
    if (hash === null || hash.length === SHA1_LENGTH) return hash
    throw new GitSyncError('misconfigured', 'the remote is a SHA-256 repository: only SHA-1 is supported')
  },
})

/** The address that an http remote redirects git to, or null. git itself does not show it. */
export const redirectTarget = (url: string, idleTimeoutMs: number): GitCommand<string | null> => ({
  args: ['ls-remote', '--end-of-options', url],
  variables: { GIT_TRACE_CURL: '1', GIT_TRACE_CURL_NO_DATA: '1', GIT_TRACE_REDACT: '1' },
  okExitCodes: [0, 128],
  processGroup: { idleTimeoutMs },
  contactsRemote: true,
  parse({ stderr }) {
    const [, location = ''] = /Recv header:? location: (\S+)/i.exec(stderr) ?? []
    if (!URL.canParse(location, url)) return null
    const { origin, pathname } = new URL(location, url)
    return location === '' ? null : `${origin}${pathname.replace(/\/info\/refs$/, '')}`
  },
})

const SHA1_LENGTH = 40

function hashOfBranch(branch: string, { stdout }: GitOutput): CommitHash | null {
  const lines = stdout.split('\n').map((line) => line.split('\t'))
  return lines.find(([, ref]) => ref === branchRef(branch))?.[0] ?? null
}

/** All that git prints about an object that it does not have; with anything else, it could not look. */
const NO_SUCH_OBJECT = /^fatal: (?:git cat-file: could not get object info|Not a valid object name .*)\s*$/

/** Whether a commit is in the repository. */
export const hasCommit = (hash: CommitHash): GitCommand<boolean> => ({
  args: ['cat-file', '-t', '--end-of-options', hash],
  okExitCodes: [0, 128],
  parse(output) {
    if (output.exitCode !== 0 && !NO_SUCH_OBJECT.test(output.stderr)) throw gitFailure('git cat-file', output)
    return output.stdout.trim() === 'commit'
  },
})

/** Whether a commit is another one or among its ancestors; both must be in the repository. */
export const isAncestor = (ancestor: CommitHash, descendant: CommitHash): GitCommand<boolean> => ({
  args: ['merge-base', '--end-of-options', ancestor, descendant],
  okExitCodes: [0, 1],
  parse: ({ stdout }) => stdout.trim() === ancestor,
})

/** Moves the local branch if it is at `from`; `null` means that it must not exist. */
export const moveBranch = (branch: string, from: CommitHash | null, to: CommitHash): GitCommand<void> =>
  updateRef(from === null ? `create ${branchRef(branch)} ${to}` : `update ${branchRef(branch)} ${to} ${from}`)

/** Sets the local copy of the remote's branch, wherever it is. */
export const mirrorBranch = (branch: string, to: CommitHash): GitCommand<void> =>
  updateRef(`update ${branchRef(branch)} ${to}`)

// As a transaction on standard input, because git then confirms the commit on standard output.
const updateRef = (line: string): GitCommand<void> => ({
  args: ['update-ref', '--stdin'],
  input: `start\n${line}\nprepare\ncommit\n`,
  parse(output) {
    if (!output.stdout.includes('commit: ok')) throw gitFailure('git update-ref', output)
  },
})

/** The names of all refs that contain a commit, or of all in a folder. */
export const refsIn = (place: { containing: CommitHash } | { folder: string }): GitCommand<string[]> => ({
  args: [
    'for-each-ref',
    '--format=%(refname)',
    ...('folder' in place ? [place.folder] : [`--contains=${place.containing}`]),
  ],
  okExitCodes: [0, 129],
  // A commit that is gone is in no ref.
  parse: ({ stdout }) => stdout.split('\n').filter((name) => name !== ''),
})

/** The commit of a ref; `null` if there is none. */
export const refTarget = (ref: string): GitCommand<CommitHash | null> => ({
  args: ['for-each-ref', '--format=%(objectname)', ref],
  parse: ({ stdout }) => stdout.trim() || null,
})

/** The paths that differ between two commits. */
export const differingPaths = (
  one: CommitHash,
  other: CommitHash,
  idleTimeoutMs: number,
): GitCommand<string[]> => ({
  args: ['diff-tree', '-r', '-z', '--name-only', '--no-renames', '--end-of-options', one, other],
  processGroup: { idleTimeoutMs },
  parse: ({ stdout }) => stdout.split('\0').filter((path) => path !== ''),
})

/** Deletes a ref, wherever it is. */
export const deleteRef = (ref: string): GitCommand<void> => updateRef(`delete ${ref}`)

/** The number of packs, of objects in packs, and of loose objects. */
export const countObjects: GitCommand<{ packs: number; packed: number; loose: number }> = {
  args: ['count-objects', '-v'],
  parse({ stdout }) {
    const count = (name: string) => Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(stdout)?.[1] ?? 0)
    return { packs: count('packs'), packed: count('in-pack'), loose: count('count') }
  },
}

/**
 * Fetches the remote's branch and its history into the local copy of it. git exits with 0 even if it did not move the
 * copy: compare it with the remote's tip. The result is what git printed, for the reason.
 */
export const fetchBranch = (
  url: string,
  branch: string,
  processGroup: NonNullable<GitCommand<string>['processGroup']>,
): GitCommand<string> => fetch([], [url, `+${branchRef(branch)}:${branchRef(branch)}`], processGroup)

/** Fetches one commit of the remote, with its files and without its history, which ends there from now on. */
export const fetchOnly = (
  url: string,
  commit: CommitHash,
  ref: string,
  processGroup: NonNullable<GitCommand<string>['processGroup']>,
): GitCommand<string> => fetch(['--depth=1'], [url, `+${commit}:${ref}`], processGroup)

/**
 * Pushes a commit to the remote's branch; `parsePushResult` reads the output. With `replacing`, the branch may lose
 * commits, if it is exactly there.
 */
export const pushCommit = (
  url: string,
  branch: string,
  {
    tip,
    replacing,
    idleTimeoutMs,
    sentTimeoutMs,
  }: { tip: CommitHash; replacing?: CommitHash; idleTimeoutMs: number; sentTimeoutMs: number },
): GitCommand<void> => ({
  args: [
    'push',
    '--porcelain',
    '--progress',
    '--no-verify',
    ...(replacing === undefined ? [] : [`--force-with-lease=${branchRef(branch)}:${replacing}`]),
    '--end-of-options',
    url,
    `${tip}:${branchRef(branch)}`,
  ],
  processGroup: { idleTimeoutMs, sentTimeoutMs, niceness: BELOW_NORMAL_NICENESS },
  // curl would take a hook that is still running for a connection that is too slow.
  variables: { GIT_HTTP_LOW_SPEED_TIME: String(Math.ceil(Math.max(idleTimeoutMs, sentTimeoutMs) / 1000)) },
  contactsRemote: true,
  parse: ignoreOutput,
})

const fetch = (
  options: readonly string[],
  what: readonly string[],
  processGroup: NonNullable<GitCommand<string>['processGroup']>,
): GitCommand<string> => ({
  args: [
    'fetch',
    '--progress',
    '--no-tags',
    '--no-write-fetch-head',
    '--no-auto-maintenance',
    '--no-recurse-submodules',
    ...options,
    '--end-of-options',
    ...what,
  ],
  processGroup,
  contactsRemote: true,
  parse: ({ stderr }) => stderr,
})
