import type { CommitHash } from '../../git-backend.js'
import { GitSyncError } from '../../git-sync-error.js'
import { type GitAnswer, type GitCommand, nothing } from './git-command.js'
import { gitFailure } from './failure.js'
import { LESS_PRIORITY } from './lower-priority.js'

/** The full name of a branch. */
export const branchRef = (branch: string): string => `refs/heads/${branch}`

/** Which git this is. */
export const version: GitCommand<{ major: number; minor: number }> = {
  args: ['version'],
  parse({ stdout }) {
    const [, major, minor] = /^git version (\d+)\.(\d+)/.exec(stdout) ?? []
    if (minor === undefined) throw new GitSyncError('misconfigured', '"git" on the PATH is not Git')
    return { major: Number(major), minor: Number(minor) }
  },
}

/**
 * Makes the repository, or completes one that was left half made. Changes nothing in a whole one.
 * Not quiet, because simple-git waits a while for a command that says nothing.
 */
export const initialise = (branch: string): GitCommand<void> => ({
  args: ['init', '--bare', '--template=', `--initial-branch=${branch}`],
  parse: nothing,
})

/** Lets plain git see our branch as the one that is checked out. */
export const pointHeadAt = (branch: string): GitCommand<void> => ({
  args: ['symbolic-ref', '--end-of-options', 'HEAD', branchRef(branch)],
  parse: nothing,
})

/** Where our own branch is. Unlike `rev-parse`, it tells a damaged branch from none. */
export const localHead = (branch: string): GitCommand<CommitHash | null> => ({
  args: ['for-each-ref', '--format=%(objectname)%09%(refname)', '--end-of-options', branchRef(branch)],
  parse(answer) {
    if (answer.stderr.includes('ignoring')) throw gitFailure('git for-each-ref', answer)
    return hashOfBranch(branch, answer)
  },
})

/** Where the remote's branch is. */
export const remoteHead = (url: string, branch: string, patience: number): GitCommand<CommitHash | null> => ({
  args: ['ls-remote', '--end-of-options', url, branchRef(branch)],
  patience,
  parse: (answer) => hashOfBranch(branch, answer),
})

function hashOfBranch(branch: string, { stdout }: GitAnswer): CommitHash | null {
  const lines = stdout.split('\n').map((line) => line.split('\t'))
  return lines.find(([, ref]) => ref === branchRef(branch))?.[0] ?? null
}

/** Whether a commit is in the repository. */
export const hasCommit = (hash: CommitHash): GitCommand<boolean> => ({
  args: ['cat-file', '-t', '--end-of-options', hash],
  okExitCodes: [0, 128],
  parse(answer) {
    if (/corrupt|is empty|inflate/.test(answer.stderr)) throw gitFailure('git cat-file', answer)
    return answer.stdout.trim() === 'commit'
  },
})

/** Whether one commit is another, or among its ancestors; both must be there. */
export const isAncestor = (ancestor: CommitHash, descendant: CommitHash): GitCommand<boolean> => ({
  args: ['merge-base', '--end-of-options', ancestor, descendant],
  okExitCodes: [0, 1],
  parse: ({ stdout }) => stdout.trim() === ancestor,
})

/** Moves our branch only if it is where we think it is; `from` is `null` where it must not exist. */
export const moveBranch = (branch: string, from: CommitHash | null, to: CommitHash): GitCommand<void> =>
  updateRef(from === null ? `create ${branchRef(branch)} ${to}` : `update ${branchRef(branch)} ${to} ${from}`)

/** Sets our copy of the remote's branch, wherever it was. */
export const mirrorBranch = (branch: string, to: CommitHash): GitCommand<void> =>
  updateRef(`update ${branchRef(branch)} ${to}`)

// As a transaction on standard input, because it says on standard output that it was committed.
const updateRef = (line: string): GitCommand<void> => ({
  args: ['update-ref', '--stdin'],
  input: `start\n${line}\nprepare\ncommit\n`,
  parse(answer) {
    if (!answer.stdout.includes('commit: ok')) throw gitFailure('git update-ref', answer)
  },
})

/** How many packs there are, how many objects in them, and how many loose ones. */
export const countObjects: GitCommand<{ packs: number; packed: number; loose: number }> = {
  args: ['count-objects', '-v'],
  parse({ stdout }) {
    const count = (name: string) => Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(stdout)?.[1] ?? 0)
    return { packs: count('packs'), packed: count('in-pack'), loose: count('count') }
  },
}

/** Brings the remote's branch, and all that it stands on, into our copy of it. */
export const fetchBranch = (url: string, branch: string, patience: number): GitCommand<void> => ({
  args: [
    'fetch',
    '--progress',
    '--no-tags',
    '--no-write-fetch-head',
    '--no-auto-maintenance',
    '--no-recurse-submodules',
    '--end-of-options',
    url,
    `+${branchRef(branch)}:${branchRef(branch)}`,
  ],
  patience,
  parse: nothing,
})

/** Offers a commit to the remote's branch; what the remote answers is read by `push-answer.ts`. */
export const pushCommit = (
  url: string,
  branch: string,
  { tip, patience }: { tip: CommitHash; patience: number },
): GitCommand<void> => ({
  args: [
    'push',
    '--porcelain',
    '--progress',
    '--no-verify',
    '--end-of-options',
    url,
    `${tip}:${branchRef(branch)}`,
  ],
  patience,
  niceness: LESS_PRIORITY,
  parse: nothing,
})
