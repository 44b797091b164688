import { GitSyncError } from '../../git-sync-error.js'
import { createByteReader } from './byte-reader.js'
import type { ConversingGit } from './patient-output.js'

const LINE_END = 0x0a

/** The arguments for {@link createObjectReader}. */
export const OBJECT_READER_ARGS: readonly string[] = ['cat-file', '--batch']

/** Reads objects by name, in the order in which they were requested. */
export interface ObjectReader {
  /** Requests objects ahead, so that git reads the next ones while the first are processed. */
  request(names: readonly string[]): void
  /** Resolves with the next object; `null` if it is over `maxBytes`: its content is then never held in memory. */
  next(maxBytes: number): Promise<Buffer | null>
}

/** Reads from a git that was started with {@link OBJECT_READER_ARGS}. Throws `corrupt` for an unreadable object. */
export function createObjectReader({ stdin, stdout }: ConversingGit): ObjectReader {
  const reader = createByteReader(stdout)
  return {
    request(names) {
      if (names.length > 0) stdin.write(`${names.join('\n')}\n`)
    },
    async next(maxBytes) {
      const header = (await reader.until(LINE_END))?.toString()
      if (header === undefined)
        throw new GitSyncError('unavailable', 'git ended before it returned an object')
      const size = Number(/^[0-9a-f]+ (?:blob|commit) (\d+)$/.exec(header)?.[1] ?? Number.NaN)
      if (Number.isNaN(size)) throw new GitSyncError('corrupt', `cannot read an object: ${header}`)
      if (size > maxBytes) {
        await reader.skip(size + 1)
        return null
      }
      const content = await reader.take(size)
      await reader.skip(1)
      return content
    },
  }
}
