import type { CommitHash } from '../../git-backend.js'
import { GitSyncError } from '../../git-sync-error.js'
import { createByteReader } from './byte-reader.js'
import type { ConversingGit } from './patient-output.js'

const LINE_END = 0x0a

/** The arguments for {@link createHeadReader}. */
export const HEAD_READER_ARGS: readonly string[] = ['cat-file', '--batch-check']

/** Looks up which files the head has, in the order in which they were requested. */
export interface HeadReader {
  /** Requests paths ahead, so that git looks up the next ones while the first are processed. */
  request(paths: readonly string[]): void
  /** Resolves with the object name of the file at the next path; `null` if the head has none there. */
  next(): Promise<string | null>
}

/** Looks files up with a git that was started with {@link HEAD_READER_ARGS}. */
export function createHeadReader({ stdin, stdout }: ConversingGit, head: CommitHash): HeadReader {
  const reader = createByteReader(stdout)
  return {
    request(paths) {
      if (paths.length > 0) stdin.write(`${paths.map((path) => `${head}:${path}`).join('\n')}\n`)
    },
    async next() {
      const line = (await reader.until(LINE_END))?.toString()
      if (line === undefined)
        throw new GitSyncError('unavailable', 'git ended before it had looked up a file')
      return /^([0-9a-f]+) blob \d+$/.exec(line)?.[1] ?? null
    },
  }
}
