import { type FileChange, GitSyncError } from '@gitmsg/git-sync'

/** Version of the repository format that this engine reads and writes. */
export const FORMAT_VERSION = 1

export const FORMAT_PATH = '.gitmsg/format.json'

/** The file that marks a branch as a gitmsg repository; it comes with the first message. */
export const formatFile: FileChange = {
  path: FORMAT_PATH,
  content: `${JSON.stringify({ format: 'gitmsg', version: FORMAT_VERSION })}\n`,
}

/**
 * Reads the format file of a branch.
 *
 * @returns the version: always {@link FORMAT_VERSION}
 * @throws {GitSyncError} `misconfigured` if the branch has another version, or is not a gitmsg repository
 */
export function readFormat(content: Uint8Array | null): number {
  const format = content && parse(content)
  if (format?.format !== 'gitmsg' || !Number.isInteger(format.version)) {
    throw new GitSyncError(
      'misconfigured',
      `the branch is not a gitmsg repository: unexpected ${FORMAT_PATH}`,
    )
  }
  if (format.version !== FORMAT_VERSION) {
    throw new GitSyncError(
      'misconfigured',
      `the repository has format version ${format.version}; this gitmsg supports version ${FORMAT_VERSION}`,
    )
  }
  return FORMAT_VERSION
}

function parse(content: Uint8Array): { format?: unknown; version?: unknown } | null {
  try {
    return JSON.parse(Buffer.from(content).toString('utf8'))
  } catch {
    return null
  }
}
