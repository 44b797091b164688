import type { CommitAuthor } from '../../git-backend.js'
import { withFinalLineEnd } from '../../record-commit.js'
import type { PathRewrite, RewrittenCommit } from './branch-rewrite.js'
import { type ExportedCommit, pathOf } from './exported-commits.js'
import type { FoundChanges } from './find-changes.js'

/** Text is written to git in chunks: a write for each commit would cost more than the commit. */
const CHUNK_LENGTH = 64 * 1024
/** How often git is asked for a sign of life. */
const COMMITS_BETWEEN_SIGNS = 1000

/** What {@link rewriteCommits} needs. */
export interface RewriteDependencies {
  readonly fates: FoundChanges['fates']
  readonly rewrites: readonly PathRewrite[]
  readonly companions: readonly string[]
  /** Where the new commits are built. */
  readonly ref: string
}

/** Counts of what has been written so far. */
export interface RewriteCount {
  read: number
  rewritten: number
  dropped: number
}

/** By which a commit is named now. */
interface NewName {
  readonly name: string
  /** Whether the commit is the same as before. */
  readonly isSame: boolean
}

/**
 * Turns exported commits into input for `git fast-import`.
 *
 * Commits without a change and without a changed ancestor stay the commits that they are. Those of which nothing is
 * left are left out, and their children get their parents. What is held of the history are only these exceptions.
 */
export async function* rewriteCommits(
  commits: AsyncIterable<ExportedCommit>,
  { fates, rewrites, companions, ref }: RewriteDependencies,
  count: RewriteCount,
): AsyncGenerator<Buffer> {
  const byPath = new Map(rewrites.map((rewrite) => [rewrite.path, rewrite]))
  const names = new Map<string, NewName>()
  let text = ''
  let tip = ''

  /** A commit that is not in the map is written, under its own mark; a hash is a commit that was not exported. */
  const nameOf = (parent: string): NewName =>
    names.get(parent) ?? { name: parent, isSame: !parent.startsWith(':') }

  for await (const commit of commits) {
    const { mark, hash, changes } = commit
    count.read += 1
    tip = mark
    const found = commit.parents.map(nameOf)
    const fate = fates.get(hash)
    if (!fate && found.every(({ isSame }) => isSame)) {
      names.set(mark, { name: hash, isSame: true })
      continue
    }
    const parents = [...new Set(found.map(({ name }) => name))]
    const kept = fate ? changes.filter((change) => fate.get(pathOf(change)) !== 'leave-out') : changes
    const [parent] = parents
    const hadSomething = changes.length > 0 || found.length > 1
    if (kept.length === 0 && parents.length === 1 && parent !== undefined && hadSomething) {
      names.set(mark, { name: parent, isSame: false })
      count.dropped += 1
      continue
    }
    count.rewritten += 1
    const replaced = fate ? kept.map((change) => replace(change, fate.has(pathOf(change)), byPath)) : kept
    const subject = fate && found.length < 2 ? subjectOf(changes, fate, { byPath, companions }) : undefined
    text += commitText(subject ? describe(commit, subject) : commit, { parents, changes: replaced, ref })
    if (count.read % COMMITS_BETWEEN_SIGNS === 0) text += `progress ${count.read}\n\n`
    if (text.length < CHUNK_LENGTH) continue
    yield Buffer.from(text, 'latin1')
    text = ''
  }
  yield Buffer.from(`${text}reset ${ref}\nfrom ${nameOf(tip).name}\n\ndone\n`, 'latin1')
}

/** What is said now about a commit that held nothing but one file that is rewritten, even if only companions are left. */
function subjectOf(
  changes: readonly string[],
  fate: ReadonlyMap<string, unknown>,
  { byPath, companions }: { byPath: ReadonlyMap<string, PathRewrite>; companions: readonly string[] },
): RewrittenCommit | undefined {
  const paths = changes.map(pathOf).filter((path) => !companions.includes(path))
  const [path = ''] = paths
  return paths.length === 1 && fate.has(path) ? byPath.get(path)?.commit : undefined
}

function replace(change: string, isFated: boolean, byPath: ReadonlyMap<string, PathRewrite>): string {
  const rewrite = isFated ? byPath.get(pathOf(change)) : undefined
  if (!rewrite || !change.startsWith('M ')) return change
  const [, quoted = ''] = /^M \S+ \S+ (.*)$/s.exec(change) ?? []
  const bytes = toBytes(rewrite.content)
  return `M 100644 inline ${quoted}\ndata ${bytes.length}\n${bytes}`
}

type Description = Pick<ExportedCommit, 'headers' | 'message'>

function describe(commit: ExportedCommit, draft: RewrittenCommit): ExportedCommit & Description {
  const line = (role: string, { name, email }: CommitAuthor, date: Date | undefined): string => {
    const own = commit.headers.find((header) => header.startsWith(`${role} `))
    const when = date
      ? `${Math.floor(date.getTime() / 1000)} +0000`
      : own?.slice(own.lastIndexOf('>') + 1).trim()
    return `${role} ${toBytes(name)} <${toBytes(email)}> ${when}`
  }
  return {
    ...commit,
    headers: [
      line('author', draft.author, draft.authorDate),
      line('committer', draft.committer, draft.committerDate),
    ],
    message: toBytes(withFinalLineEnd(draft.message)),
  }
}

function commitText(
  { mark, headers, message }: ExportedCommit,
  { parents, changes, ref }: { parents: readonly string[]; changes: readonly string[]; ref: string },
): string {
  const [from, ...merged] = parents
  // Without a parent, git would continue the ref.
  const reset = from === undefined ? `reset ${ref}\n\n` : ''
  const lines = [
    ...(from === undefined ? [] : [`from ${from}`]),
    ...merged.map((parent) => `merge ${parent}`),
    ...changes,
  ]
  const rest = lines.map((line) => `${line}\n`).join('')
  return `${reset}commit ${ref}\nmark ${mark}\n${headers.join('\n')}\ndata ${message.length}\n${message}\n${rest}\n`
}

/** Bytes, one in each character. */
const toBytes = (content: string | Uint8Array): string => Buffer.from(content).toString('latin1')
