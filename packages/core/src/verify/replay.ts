import { GitSyncError, type RecordedCommit, type RecordedFile } from '@gitmsg/git-sync'
import type { Store, StoredMessage } from '@gitmsg/store'
import { FORMAT_PATH, readFormat } from '../format/format-file.js'
import { decodeMessageFile, isFileOf, MESSAGES_FOLDER, uidOfPath } from '../format/message-file.js'
import { findByUid } from '../history/reconcile.js'

/** What is known of a stored message. */
export const Seen = {
  /** It was synchronized when the verification started, so the repository must have it. */
  EXPECTED: 1,
  /** The branch has its file, byte for byte. */
  SOUND: 2,
  /** The branch has different content at its path. */
  ALTERED: 4,
  /** The commit stored for it added its file. */
  PROVEN: 8,
} as const

/** A file of the branch that is not the file of a stored message. */
interface UnmatchedFile {
  readonly kind: 'missing-in-database' | 'duplicate-uid' | 'invalid-file'
  readonly commit: string
  readonly reason: string
  /** A message that was removed later is still a message; any other file is forgotten then. */
  isRemoved: boolean
}

/** The branch as read so far, compared with the database. */
export interface Replay {
  /** By path, in commit order. */
  readonly unmatchedFiles: ReadonlyMap<string, UnmatchedFile>
  /** By id: the last commit that brought a message's file, if it is not the one stored. */
  readonly otherSources: ReadonlyMap<number, string>
  /** Why the branch as it stands is not a repository of this format; `null` while it is, or declares none yet. */
  readonly formatProblem: { readonly commit: string; readonly reason: string } | null
  /** Whether the branch as it stands declares its format. */
  readonly declaresFormat: boolean
  add(commits: readonly RecordedCommit[]): Promise<void>
}

interface CommittedFile extends RecordedFile {
  readonly commit: string
  readonly isOnSideLine: boolean
}

export function createReplay(store: Store, flags: IdFlags): Replay {
  const unmatchedFiles = new Map<string, UnmatchedFile>()
  const otherSources = new Map<number, string>()
  const newUids = new Set<string>()
  let formatProblem: Replay['formatProblem'] = null
  let declaresFormat = false

  return {
    unmatchedFiles,
    otherSources,
    get formatProblem() {
      return formatProblem
    },
    get declaresFormat() {
      return declaresFormat
    },
    add,
  }

  async function add(commits: readonly RecordedCommit[]): Promise<void> {
    const files = commits.flatMap(({ hash, files, isOnSideLine = false }) =>
      files.map((file): CommittedFile => ({ ...file, commit: hash, isOnSideLine })),
    )
    const stored = await findByUid(
      store,
      files.flatMap(({ path }) => uidOfPath(path) ?? []),
    )
    for (const file of files) {
      const message = stored.get(uidOfPath(file.path) ?? '')
      if (file.isOnSideLine) prove(message, file)
      else if (file.path === FORMAT_PATH) readFormatFile(file)
      else if (!file.path.startsWith(`${MESSAGES_FOLDER}/`)) continue
      else if (message?.path === file.path) compare(message, file)
      else addUnmatched(file, message)
    }
  }

  function readFormatFile(file: CommittedFile): void {
    formatProblem = formatProblemOf(file)
    declaresFormat = formatProblem === null
  }

  /** What only a merge brought is not what the branch has, but a message may come from there. */
  function prove(message: StoredMessage | undefined, { path, content, commit }: CommittedFile): void {
    if (message?.path !== path || message.git_hash !== commit) return
    if (content && isFileOf(message, content)) flags.set(message.id, Seen.PROVEN)
  }

  function compare(message: StoredMessage, { content, omitted, commit }: CommittedFile): void {
    flags.clear(message.id, Seen.SOUND | Seen.ALTERED)
    if (!content && !omitted) return
    if (!content || !isFileOf(message, content)) {
      flags.set(message.id, Seen.ALTERED)
      return
    }
    flags.set(message.id, Seen.SOUND)
    if (message.git_hash === commit) flags.set(message.id, Seen.PROVEN)
    else if (message.is_synchronized) otherSources.set(message.id, commit)
  }

  /** The file of a message counts as its first commit left it, because that is what an importer stores. */
  function addUnmatched(
    { path, content, omitted, commit }: CommittedFile,
    message: StoredMessage | undefined,
  ): void {
    const isRemoved = !content && !omitted
    const known = unmatchedFiles.get(path)
    if (known?.kind === 'missing-in-database') known.isRemoved = isRemoved
    else if (isRemoved) unmatchedFiles.delete(path)
    else unmatchedFiles.set(path, { ...classify(path, content, message), commit, isRemoved })
  }

  function classify(
    path: string,
    content: Uint8Array | null,
    message: StoredMessage | undefined,
  ): Pick<UnmatchedFile, 'kind' | 'reason'> {
    const decoded = content ? decodeMessageFile(path, content) : 'too large, or not a regular file'
    if (typeof decoded === 'string') return { kind: 'invalid-file', reason: `Not a message: ${decoded}.` }
    if (message) return { kind: 'duplicate-uid', reason: `A copy of ${message.path}.` }
    if (newUids.has(decoded.uid)) return { kind: 'duplicate-uid', reason: 'A copy of an earlier file.' }
    newUids.add(decoded.uid)
    return { kind: 'missing-in-database', reason: 'The database does not have this message.' }
  }
}

function formatProblemOf({ content, commit }: CommittedFile): Replay['formatProblem'] {
  try {
    readFormat(content)
    return null
  } catch (error) {
    if (error instanceof GitSyncError) return { commit, reason: error.message }
    throw error
  }
}

/** A few bits for each of many, mostly dense ids: about one byte per id. */
export interface IdFlags {
  /** The bits of an id; 0 if none was ever set. */
  get(id: number): number
  set(id: number, bits: number): void
  clear(id: number, bits: number): void
  /** Every id that has a bit, with its bits. */
  entries(): Iterable<[id: number, bits: number]>
}

const IDS_PER_CHUNK = 4_096

export function createIdFlags(): IdFlags {
  const chunks = new Map<number, Uint8Array>()
  const get = (id: number) => chunks.get(Math.floor(id / IDS_PER_CHUNK))?.[id % IDS_PER_CHUNK] ?? 0
  const put = (id: number, bits: number) => {
    const number = Math.floor(id / IDS_PER_CHUNK)
    const chunk = chunks.get(number) ?? new Uint8Array(IDS_PER_CHUNK)
    chunk[id % IDS_PER_CHUNK] = bits
    chunks.set(number, chunk)
  }

  return {
    get,
    set: (id, bits) => put(id, get(id) | bits),
    clear: (id, bits) => put(id, get(id) & ~bits),
    *entries() {
      for (const [number, chunk] of chunks) {
        for (const [index, bits] of chunk.entries()) if (bits) yield [number * IDS_PER_CHUNK + index, bits]
      }
    },
  }
}
