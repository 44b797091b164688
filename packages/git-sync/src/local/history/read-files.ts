import type { RecordedFile } from '../../git-backend.js'
import type { HeadReader } from './head-reader.js'
import type { LoggedFile } from './log-parser.js'
import type { ObjectReader } from './object-reader.js'

const REMOVED_MODE = '000000'
const REGULAR_FILE_MODE = /^100/

/** What {@link createFileReader} needs. */
export interface FileReaderDependencies {
  readonly objects: ObjectReader
  /** `null`: the files are not compared with the head. */
  readonly head: HeadReader | null
  readonly maxFileBytes: number
}

/** Reads the files of one commit after the other. */
export interface FileReader {
  /** Requests the commit and its files ahead. */
  request(commit: string, files: readonly LoggedFile[]): void
  /** Resolves with the files, after the commit itself was read. */
  read(files: readonly LoggedFile[]): Promise<RecordedFile[]>
}

/** Creates a {@link FileReader}. */
export function createFileReader({ objects, head, maxFileBytes }: FileReaderDependencies): FileReader {
  return {
    request(commit, files) {
      objects.request([commit, ...files.filter(isFile).map(({ blob }) => blob)])
      head?.request(files.map(({ path }) => path).filter(isComparable))
    },

    async read(files) {
      const recorded: RecordedFile[] = []
      for (const file of files) recorded.push(await readFile(file))
      return head ? addSuperseded(files, recorded, head) : recorded
    },
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

  async function addSuperseded(
    files: readonly LoggedFile[],
    recorded: readonly RecordedFile[],
    head: HeadReader,
  ): Promise<RecordedFile[]> {
    const compared: RecordedFile[] = []
    for (const [index, file] of recorded.entries()) {
      const { mode, blob } = files[index] as LoggedFile
      const now = isComparable(file.path) ? await head.next() : blob
      if (now === blob || (now === null && mode === REMOVED_MODE)) {
        compared.push(file)
      } else {
        if (now !== null) objects.request([now])
        compared.push({ ...file, superseded: now === null ? { content: null } : await readContent() })
      }
    }
    return compared
  }
}

const isFile = ({ mode }: LoggedFile): boolean => REGULAR_FILE_MODE.test(mode)

/** Git takes one path a line. */
const isComparable = (path: string): boolean => !path.includes('\n')
