import type { FileChange } from '@gitmsg/git-sync'
import { GitSyncError } from '@gitmsg/git-sync'

/** Version of the repository format that this engine reads and writes. */
export const FORMAT_VERSION = 1

export const FORMAT_PATH = '.gitmsg/format.json'

/** The file that makes a branch ours; it comes with the first message. */
export const formatFile: FileChange = {
  path: FORMAT_PATH,
  content: `${JSON.stringify({ format: 'gitmsg', version: FORMAT_VERSION })}\n`,
}

/**
 * Reads the format file of a branch.
 *
 * @returns the version: always {@link FORMAT_VERSION}
 * @throws {GitSyncError} `misconfigured` where it is of a newer version, or not ours
 */
export function readFormat(content: Uint8Array | null): number {
  const format = content && parse(content)
  if (format?.format !== 'gitmsg' || !Number.isInteger(format.version)) {
    throw new GitSyncError(
      'misconfigured',
      `The branch is not a gitmsg repository: its ${FORMAT_PATH} is something else.`,
    )
  }
  if (format.version !== FORMAT_VERSION) {
    const versions = `version ${format.version}, and this gitmsg knows version ${FORMAT_VERSION}`
    throw new GitSyncError('misconfigured', `The repository is of another version of gitmsg: ${versions}.`)
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
