import { isEnough } from '../../commit-parts.js'
import type { CommitHash } from '../../git-backend.js'
import type { ByteReader } from './byte-reader.js'

/** One file that a commit changed, as listed by `git log --raw`. */
export interface LoggedFile {
  readonly path: string
  /** Git's file mode after the commit; `000000` if the commit removed the file. */
  readonly mode: string
  readonly blob: string
}

/** One commit, or a part of one, as listed by `git log --raw`. */
export interface LoggedCommit {
  readonly hash: CommitHash
  readonly files: readonly LoggedFile[]
  /** Set if the next one is the same commit, with the files that follow. */
  readonly isContinued?: boolean
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
/** A longer path is never one of a message, and some systems cannot store it. */
const MAX_PATH_BYTES = 1024 * 1024

/** Parses commits one at a time, with the files for which `includes` is true; large ones in parts. */
export async function* parseLog(
  reader: ByteReader,
  includes: (path: string) => boolean,
): AsyncGenerator<LoggedCommit> {
  let commit: { hash: CommitHash; files: LoggedFile[] } | null = null
  let bytes = 0
  for (let field = await reader.until(NUL); field !== null; field = await reader.until(NUL)) {
    const text = field.toString().trim()
    if (text.startsWith(':')) {
      const path = (await reader.until(NUL, MAX_PATH_BYTES))?.toString() ?? ''
      if (commit === null || !includes(path)) continue
      if (isEnough(commit.files.length, bytes)) {
        yield { ...commit, isContinued: true }
        commit = { hash: commit.hash, files: [] }
        bytes = 0
      }
      commit.files.push(parseFile(text, path))
      bytes += path.length
    } else if (text !== '') {
      if (commit !== null) yield commit
      commit = { hash: text, files: [] }
      bytes = 0
    }
  }
  if (commit !== null) yield commit
}

/** A colon, two modes and two object names, the old one and the new one of each, and a letter. */
function parseFile(line: string, path: string): LoggedFile {
  const [, mode = '', , blob = ''] = line.slice(1).split(' ')
  return { path, mode, blob }
}
