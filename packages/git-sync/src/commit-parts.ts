import type { RecordedCommit, RecordedFile } from './git-backend.js'

/** A commit of any size is handed on in parts of about this size: contents and paths. */
const MAX_PART_BYTES = 1024 * 1024
const MAX_PART_FILES = 500

/** Whether some files of a commit, of this size together, are enough for a part. */
export const isEnough = (files: number, bytes: number): boolean =>
  files >= MAX_PART_FILES || bytes >= MAX_PART_BYTES

/**
 * The parts of one commit, in order, from its files: at least one, the last without `isContinued`. Holds one part and
 * one file.
 *
 * @example
 * yield* inParts(commit, readFiles(commit))
 */
export async function* inParts(
  commit: Omit<RecordedCommit, 'files'>,
  files: AsyncIterable<RecordedFile>,
): AsyncGenerator<RecordedCommit> {
  let part: RecordedFile[] = []
  let bytes = 0
  for await (const file of files) {
    if (isEnough(part.length, bytes)) {
      yield { ...commit, isContinued: true, files: part }
      part = []
      bytes = 0
    }
    part.push(file)
    bytes += file.path.length + sizeOf(file) + sizeOf(file.superseded)
  }
  yield { ...commit, files: part }
}

const sizeOf = (file: Pick<RecordedFile, 'content'> | undefined): number => file?.content?.byteLength ?? 0
