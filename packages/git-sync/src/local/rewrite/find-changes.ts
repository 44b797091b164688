import { createHash } from 'node:crypto'
import type { CommitHash } from '../../git-backend.js'
import { GitSyncError } from '../../git-sync-error.js'
import { gitFailure } from '../git/failure.js'
import type { Git } from '../git/git.js'
import { createByteReader } from '../history/byte-reader.js'
import { patientOutput } from '../history/patient-output.js'
import type { PathRewrite } from './branch-rewrite.js'

/** What becomes of a change of a path: the file gets its new content, or the change is left out. */
type Fate = 'replace' | 'leave-out'

/** What of the history has to be rewritten. */
export interface FoundChanges {
  /** By commit and path. */
  readonly fates: ReadonlyMap<CommitHash, ReadonlyMap<string, Fate>>
  /** A commit that changes and has no ancestor that does, with its parents; `null` if nothing has to be rewritten. */
  readonly first: { readonly hash: CommitHash; readonly parents: readonly CommitHash[] } | null
  /** The contents that must be gone. */
  readonly blobs: ReadonlySet<string>
}

/**
 * Every commit, children first, with those of the paths that it changes against its first parent. With `--sparse` and
 * `--full-history`, because a merge that takes a path from its second parent would be left out otherwise.
 */
const logArgs = (tip: CommitHash, paths: readonly string[]): string[] => [
  '--literal-pathspecs',
  'log',
  '--topo-order',
  '--full-history',
  '--sparse',
  '--diff-merges=first-parent',
  '--raw',
  '-z',
  '--no-abbrev',
  '--no-renames',
  '--root',
  '--format=tformat:%H %P',
  '--end-of-options',
  tip,
  '--',
  ...paths,
]

const NUL = 0
const MISSING_MODE = '000000'
const FILE_MODE = '100644'

/** Finds the commits in which the paths have another content than they shall have. */
export async function findChanges(
  git: Git,
  { tip, rewrites }: { tip: CommitHash; rewrites: readonly PathRewrite[] },
  { idleTimeoutMs, signal }: { idleTimeoutMs: number; signal: AbortSignal },
): Promise<FoundChanges> {
  const wanted = new Map(rewrites.map(({ path, content }) => [path, blobHash(content)]))
  const fates = new Map<CommitHash, Map<string, Fate>>()
  const blobs = new Set<string>()
  let commit: { hash: CommitHash; parents: CommitHash[] } | null = null
  let first: FoundChanges['first'] = null

  const child = git.start(logArgs(tip, [...wanted.keys()]), signal)
  child.stdin.end()
  const reader = createByteReader(patientOutput(child, { subject: 'git log', idleTimeoutMs }))
  for (let field = await reader.until(NUL); field !== null; field = await reader.until(NUL)) {
    const text = field.toString().trim()
    if (text.startsWith(':')) {
      const path = (await reader.until(NUL))?.toString() ?? ''
      const [oldMode = '', mode = '', , blob = ''] = text.slice(1).split(' ')
      const isRight = blob === wanted.get(path) && mode === FILE_MODE
      if (mode === MISSING_MODE || (isRight && oldMode === MISSING_MODE) || commit === null) continue
      const fate = oldMode === MISSING_MODE ? 'replace' : 'leave-out'
      fates.set(commit.hash, (fates.get(commit.hash) ?? new Map<string, Fate>()).set(path, fate))
      if (!isRight) blobs.add(blob)
      first = commit
    } else if (text !== '') {
      const [hash = '', ...parents] = text.split(' ')
      commit = { hash, parents }
    }
  }
  const { exitCode, stderr } = await child.ended
  if (exitCode !== 0) throw gitFailure('git log', { exitCode, stderr, stdout: '' })
  if (commit === null) throw new GitSyncError('unavailable', 'git log listed no commit')
  return { fates, first, blobs }
}

function blobHash(content: string | Uint8Array): string {
  const bytes = Buffer.from(content)
  return createHash('sha1').update(`blob ${bytes.byteLength}\0`).update(bytes).digest('hex')
}
