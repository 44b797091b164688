import type { RecordedFile } from '../../git-backend.js'
import type { HeadReader } from './head-reader.js'
import type { LoggedFile } from './log-parser.js'
import type { ObjectReader } from './object-reader.js'

const REMOVED_MODE = '000000'
const REGULAR_FILE_MODE = /^100/
/** How many contents are requested together with their commit: most commits have no more files. */
const REQUESTED_AHEAD = 8

/** What {@link createFileReader} needs. */
export interface FileReaderDependencies {
  readonly objects: ObjectReader
  /** `null`: the files are not compared with the head. */
  readonly head: HeadReader | null
  readonly maxFileBytes: number
}

/** Reads the files of one commit after the other. */
export interface FileReader {
  /** Requests the first files ahead, after what was requested from the objects before. */
  request(files: readonly LoggedFile[]): void
  /** Streams the files that were requested. Holds the contents of eight of them at most. */
  read(files: readonly LoggedFile[]): AsyncGenerator<RecordedFile>
}

/** A file, and the blob that the head has at its path instead: `undefined` if it has the same, `null` if none. */
interface ComparedFile extends LoggedFile {
  readonly superseding: string | null | undefined
}

/** Creates a {@link FileReader}. */
export function createFileReader({ objects, head, maxFileBytes }: FileReaderDependencies): FileReader {
  return {
    request(files) {
      objects.request(files.slice(0, REQUESTED_AHEAD).flatMap(contentOf))
      head?.request(files.map(({ path }) => path).filter(isComparable))
    },

    async *read(files) {
      const compared: ComparedFile[] = []
      for (const file of files) compared.push({ ...file, superseding: await supersedingBlob(file) })
      const first = compared.slice(0, REQUESTED_AHEAD)
      const others = compared.slice(REQUESTED_AHEAD)
      // Each content is followed by what supersedes it, so that no more than these two are held.
      const following = others.flatMap((file) => [...contentOf(file), ...supersedingOf(file)])
      objects.request([...first.flatMap(supersedingOf), ...following])
      const held: RecordedFile[] = []
      for (const file of first) held.push(await readFile(file))
      for (const [index, file] of held.entries()) yield addSuperseded(file, first[index] as ComparedFile)
      for (const file of others) yield addSuperseded(await readFile(file), file)
    },
  }

  async function supersedingBlob({ path, mode, blob }: LoggedFile): Promise<string | null | undefined> {
    if (!head || !isComparable(path)) return undefined
    const now = await head.next()
    return now === blob || (now === null && mode === REMOVED_MODE) ? undefined : now
  }

  async function readFile(file: LoggedFile): Promise<RecordedFile> {
    const { path, mode } = file
    if (mode === REMOVED_MODE) return { path, content: null }
    if (!isFile(file)) return { path, content: null, omitted: 'not-a-file' }
    return { path, ...(await readContent()) }
  }

  async function addSuperseded(file: RecordedFile, { superseding }: ComparedFile): Promise<RecordedFile> {
    if (superseding === undefined) return file
    return { ...file, superseded: superseding === null ? { content: null } : await readContent() }
  }

  async function readContent(): Promise<Pick<RecordedFile, 'content' | 'omitted'>> {
    const content = await objects.next(maxFileBytes)
    return content === null ? { content, omitted: 'too-large' } : { content }
  }
}

const isFile = ({ mode }: LoggedFile): boolean => REGULAR_FILE_MODE.test(mode)
const contentOf = (file: LoggedFile): string[] => (isFile(file) ? [file.blob] : [])
const supersedingOf = ({ superseding }: ComparedFile): string[] => (superseding ? [superseding] : [])

/** Git takes one path a line. */
const isComparable = (path: string): boolean => !path.includes('\n')
