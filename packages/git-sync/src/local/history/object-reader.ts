import { GitSyncError } from '../../git-sync-error.js'
import { createByteReader } from './byte-reader.js'
import type { GitProcess } from '../git/git-process.js'

const LINE_END = 0x0a

/** How git must be started for {@link createObjectReader}. */
export const OBJECT_READER_ARGS: readonly string[] = ['cat-file', '--batch']

/** Reads objects by name, in the order in which they were asked for. */
export interface ObjectReader {
  /** Says early which objects will be read, so that git can be busy with them meanwhile. */
  ask(names: readonly string[]): void
  /** The next object; `null` when it is over `maxBytes`, whose content is then never held in memory. */
  next(maxBytes: number): Promise<Buffer | null>
}

/** Reads from a git that was started with {@link OBJECT_READER_ARGS}. */
export function createObjectReader({ stdin, stdout }: GitProcess): ObjectReader {
  const reader = createByteReader(stdout)
  return {
    ask(names) {
      if (names.length > 0) stdin.write(`${names.join('\n')}\n`)
    },
    async next(maxBytes) {
      const header = (await reader.until(LINE_END))?.toString()
      if (header === undefined) throw new GitSyncError('unavailable', 'git ended before it had answered')
      const size = Number(/^[0-9a-f]+ (?:blob|commit) (\d+)$/.exec(header)?.[1] ?? Number.NaN)
      if (Number.isNaN(size)) throw new GitSyncError('corrupt', `an object cannot be read: ${header}`)
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
