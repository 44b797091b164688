import type { CommitHash } from '../../git-backend.js'
import type { ByteReader } from './byte-reader.js'

/** One file that a commit changed, as listed by `git log --raw`. */
export interface LoggedFile {
  readonly path: string
  /** Git's file mode after the commit; `000000` if the commit removed the file. */
  readonly mode: string
  readonly blob: string
}

/** One commit, as listed by `git log --raw`. */
export interface LoggedCommit {
  readonly hash: CommitHash
  readonly files: readonly LoggedFile[]
}

/** The arguments for {@link parseLog}. A merge lists the files that differ from its first parent. */
export const logArgs = (cursor: CommitHash | null, head: CommitHash): string[] => [
  'log',
  '--reverse',
  '--topo-order',
  '--diff-merges=first-parent',
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

/** Parses commits one at a time, with the files for which `includes` is true. */
export async function* parseLog(
  reader: ByteReader,
  includes: (path: string) => boolean,
): AsyncGenerator<LoggedCommit> {
  let commit: { hash: CommitHash; files: LoggedFile[] } | null = null
  for (let field = await reader.until(NUL); field !== null; field = await reader.until(NUL)) {
    const text = field.toString().trim()
    if (text.startsWith(':')) {
      const path = (await reader.until(NUL))?.toString() ?? ''
      if (includes(path)) commit?.files.push(parseFile(text, path))
    } else if (text !== '') {
      if (commit !== null) yield commit
      commit = { hash: text, files: [] }
    }
  }
  if (commit !== null) yield commit
}

/** A colon, two modes and two object names, the old one and the new one of each, and a letter. */
function parseFile(line: string, path: string): LoggedFile {
  const [, mode = '', , blob = ''] = line.slice(1).split(' ')
  return { path, mode, blob }
}
