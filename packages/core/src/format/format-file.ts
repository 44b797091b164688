import { type FileChange, GitSyncError } from '@gitmsg/git-sync'

/**
 * A version of the repository format. 1: messages. 2: also edits, deletion, replies, topics, Markdown and reactions; the
 * bytes of a plain message are the same.
 */
export type FormatVersion = 1 | 2

/** The newest version of the repository format that this engine reads and writes. */
export const LATEST_FORMAT: FormatVersion = 2

export const FORMAT_PATH = '.gitmsg/format.json'

/** The file that marks a branch as a gitmsg repository; it comes with the first change that needs its version. */
export const formatFile = (version: FormatVersion): FileChange => ({
  path: FORMAT_PATH,
  content: `${JSON.stringify({ format: 'gitmsg', version })}\n`,
})

/**
 * Reads the format file of a branch.
 *
 * @param latest the newest version that may be used
 * @throws {GitSyncError} `misconfigured` if the branch has a newer version, or is not a gitmsg repository
 */
export function readFormat(content: Uint8Array | null, latest: FormatVersion = LATEST_FORMAT): FormatVersion {
  const format = content && parse(content)
  if (format?.format !== 'gitmsg' || !Number.isInteger(format.version)) {
    throw new GitSyncError(
      'misconfigured',
      `the branch is not a gitmsg repository: unexpected ${FORMAT_PATH}`,
    )
  }
  assertFormat(Number(format.version), latest)
  return format.version as FormatVersion
}

/**
 * Checks that a version of the format may be used; `null`: none is declared yet.
 *
 * @throws {GitSyncError} `misconfigured`
 */
export function assertFormat(version: number | null, latest: FormatVersion = LATEST_FORMAT): void {
  if (version !== null && version !== 1 && version !== latest) throw unsupported(version, latest)
}

function unsupported(version: number, latest: FormatVersion): GitSyncError {
  const reason =
    version === LATEST_FORMAT
      ? `this server is held at version ${latest}`
      : `this gitmsg supports versions 1 and ${LATEST_FORMAT}`
  return new GitSyncError('misconfigured', `the repository has format version ${version}; ${reason}`)
}

function parse(content: Uint8Array): { format?: unknown; version?: unknown } | null {
  try {
    return JSON.parse(Buffer.from(content).toString('utf8'))
  } catch {
    return null
  }
}
