import type { CommitHash } from '../../git-backend.js'
import type { ByteReader } from './byte-reader.js'

/** One file that a commit touched, as `git log --raw` names it. */
export interface LoggedFile {
  readonly path: string
  /** Git's file mode after the commit; `000000` when the commit removed it. */
  readonly mode: string
  readonly blob: string
}

/** One commit, as `git log --raw` names it. */
export interface LoggedCommit {
  readonly hash: CommitHash
  readonly files: readonly LoggedFile[]
}

/** How git must be asked for {@link parseLog} to understand it. Of merges, only what differs from all parents. */
export const logArgs = (cursor: CommitHash | null, head: CommitHash): string[] => [
  'log',
  '--reverse',
  '--topo-order',
  '-c',
  '--raw',
  '-z',
  '--no-abbrev',
  '--no-renames',
  '--root',
  '--format=tformat:%H',
  '--end-of-options',
  head,
  ...(cursor === null ? [] : [`^${cursor}`]),
  '--',
]

const NUL = 0

/** Reads commits one at a time; keeps only the files that are wanted. */
export async function* parseLog(
  reader: ByteReader,
  wants: (path: string) => boolean,
): AsyncGenerator<LoggedCommit> {
  let commit: { hash: CommitHash; files: LoggedFile[] } | null = null
  for (let field = await reader.until(NUL); field !== null; field = await reader.until(NUL)) {
    const text = field.toString().trim()
    if (text.startsWith(':')) {
      const path = (await reader.until(NUL))?.toString() ?? ''
      if (wants(path)) commit?.files.push(loggedFile(text, path))
    } else if (text !== '') {
      if (commit !== null) yield commit
      commit = { hash: text, files: [] }
    }
  }
  if (commit !== null) yield commit
}

/** One colon for each parent, then a mode and an object name for each parent and for the result. */
function loggedFile(line: string, path: string): LoggedFile {
  const parents = line.lastIndexOf(':') + 1
  const columns = line.slice(parents).split(' ')
  return { path, mode: columns[parents] ?? '', blob: columns[2 * parents + 1] ?? '' }
}
