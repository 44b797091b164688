import type { RecordedFile } from '../../git-backend.js'
import type { HeadReader } from './head-reader.js'
import type { LoggedFile } from './log-parser.js'
import type { ObjectReader } from './object-reader.js'

const REMOVED_MODE = '000000'
const REGULAR_FILE_MODE = /^100/
/** How many files are requested ahead, and held. */
const FILES_PER_GROUP = 8

/** What {@link createFileReader} needs. */
export interface FileReaderDependencies {
  readonly objects: ObjectReader
  /** `null`: the files are not compared with the head. */
  readonly head: HeadReader | null
  readonly maxFileBytes: number
}

/** Reads the files of one commit after the other. */
export interface FileReader {
  /** Requests the first of the files ahead, after what was requested from the objects before. */
  request(files: readonly LoggedFile[]): void
  /** Streams the files that were requested last, and those that follow them. Holds eight of them. */
  read(files: readonly LoggedFile[]): AsyncGenerator<RecordedFile>
}

/** Creates a {@link FileReader}. */
export function createFileReader({ objects, head, maxFileBytes }: FileReaderDependencies): FileReader {
  return {
    request: (files) => requestGroup(groupAt(files, 0)),

    async *read(files) {
      for (let start = 0; start < files.length; start += FILES_PER_GROUP) {
        const group = groupAt(files, start)
        if (start > 0) requestGroup(group)
        const recorded: RecordedFile[] = []
        for (const file of group) recorded.push(await readFile(file))
        if (head) yield* addSuperseded(group, recorded, head)
        else yield* recorded
      }
    },
  }

  function requestGroup(group: readonly LoggedFile[]): void {
    objects.request(group.filter(isFile).map(({ blob }) => blob))
    head?.request(group.map(({ path }) => path).filter(isComparable))
  }

  async function readFile(file: LoggedFile): Promise<RecordedFile> {
    const { path, mode } = file
    if (mode === REMOVED_MODE) return { path, content: null }
    if (!isFile(file)) return { path, content: null, omitted: 'not-a-file' }
    return { path, ...(await readContent()) }
  }

  async function readContent(): Promise<Pick<RecordedFile, 'content' | 'omitted'>> {
    const content = await objects.next(maxFileBytes)
    return content === null ? { content, omitted: 'too-large' } : { content }
  }

  async function* addSuperseded(
    files: readonly LoggedFile[],
    recorded: readonly RecordedFile[],
    head: HeadReader,
  ): AsyncGenerator<RecordedFile> {
    for (const [index, file] of recorded.entries()) {
      const { mode, blob } = files[index] as LoggedFile
      const now = isComparable(file.path) ? await head.next() : blob
      if (now === blob || (now === null && mode === REMOVED_MODE)) {
        yield file
      } else {
        if (now !== null) objects.request([now])
        yield { ...file, superseded: now === null ? { content: null } : await readContent() }
      }
    }
  }
}

const groupAt = (files: readonly LoggedFile[], start: number): LoggedFile[] =>
  files.slice(start, start + FILES_PER_GROUP)

const isFile = ({ mode }: LoggedFile): boolean => REGULAR_FILE_MODE.test(mode)

/** Git takes one path a line. */
const isComparable = (path: string): boolean => !path.includes('\n')
