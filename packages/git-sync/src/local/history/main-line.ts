import type { CommitHash } from '../../git-backend.js'
import type { ByteReader } from './byte-reader.js'

const LINE_END = 0x0a

/** The arguments for {@link createMainLine}: the head, its first parent, and so on, oldest first. */
export const mainLineArgs = (cursor: CommitHash | null, head: CommitHash): string[] => [
  'rev-list',
  '--first-parent',
  '--reverse',
  '--end-of-options',
  head,
  ...(cursor === null ? [] : [`^${cursor}`]),
  '--',
]

/** Tells the commits of the branch's own line from those that came with a merge. */
export interface MainLine {
  /** Whether the line has this commit. Ask for every commit once, parents before children. */
  has(commit: CommitHash): Promise<boolean>
}

/** Reads the line from a git that was started with {@link mainLineArgs}, one commit ahead: it holds nothing else. */
export function createMainLine(reader: ByteReader): MainLine {
  /** `undefined`: not read yet; `null`: the line has ended. */
  let expected: CommitHash | null | undefined
  return {
    async has(commit) {
      if (expected === undefined) expected = (await reader.until(LINE_END))?.toString() ?? null
      if (commit !== expected) return false
      expected = undefined
      return true
    },
  }
}
