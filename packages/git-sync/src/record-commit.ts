import { createHash } from 'node:crypto'
import type { CommitDraft, CommitHash, ReadOptions, RecordedCommit, RecordedFile } from './git-backend.js'
import { byPath, isSame, type TreeChange } from './tree.js'

/** Larger files come without content unless the caller of `changesSince` asks for more. */
export const DEFAULT_MAX_FILE_BYTES = 1024 * 1024

/**
 * A name for the commit that a draft makes on a parent. It depends on nothing else, so that the same commits on the
 * same parent always have the same hashes. For backends whose storage is not Git; it is not the name that Git would
 * give.
 *
 * @example
 * const hashes = []
 * for (const draft of request.commits) hashes.push(hashCommit(hashes.at(-1) ?? request.parent, draft))
 */
export function hashCommit(parent: CommitHash | null, draft: CommitDraft): CommitHash {
  const { author, authorDate, committer, committerDate } = draft
  const head = [
    parent,
    withFinalLineEnd(draft.message),
    [author.name, author.email, toSeconds(authorDate).getTime() / 1000],
    [committer.name, committer.email, toSeconds(committerDate).getTime() / 1000],
  ]
  const hash = createHash('sha1').update(JSON.stringify(head))
  for (const { path, content } of [...draft.files].sort(byPath)) {
    const bytes = content === null ? null : Buffer.from(content)
    hash.update(JSON.stringify([path, bytes?.byteLength ?? null])).update(bytes ?? '')
  }
  return hash.digest('hex')
}

/**
 * A draft as {@link GitBackend.changesSince} has to give it back: dates to the second, the message with its final
 * line end, and only the files that it really changed.
 *
 * @param changes of {@link Tree.apply}
 * @example
 * const commit = recordCommit(hash, draft, tree.apply(draft.files))
 */
export function recordCommit(
  hash: CommitHash,
  draft: CommitDraft,
  changes: readonly TreeChange[],
): RecordedCommit {
  const { author, authorDate, committer, committerDate, message } = draft
  return {
    hash,
    author: { name: author.name, email: author.email },
    authorDate: toSeconds(authorDate),
    committer: { name: committer.name, email: committer.email },
    committerDate: toSeconds(committerDate),
    message: withFinalLineEnd(message),
    files: changes,
  }
}

/**
 * The same commit with as much of its files as the reader asked for: without those outside `within`, and without the
 * content of those over `maxFileBytes`. With `compareWithHead`, each has `superseded` if the head has another file at
 * its path. Bytes are copied, so that a reader cannot change what is stored.
 *
 * @param head the content of each file at the head, by its path: {@link Tree.files}
 * @example
 * for (const commit of stored) yield selectFiles(commit, options, tree.files)
 */
export function selectFiles(
  commit: RecordedCommit,
  options: ReadOptions = {},
  head: ReadonlyMap<string, Uint8Array> = new Map(),
): RecordedCommit {
  const { within, maxFileBytes = DEFAULT_MAX_FILE_BYTES, compareWithHead = false } = options
  const wanted = commit.files.filter(({ path }) => isWithin(path, within))
  const files = wanted.map((file): RecordedFile => {
    const selected = limitFile(file, maxFileBytes)
    const now = head.get(file.path) ?? null
    if (!compareWithHead || isSame(file.content, now)) return selected
    const { path, ...superseded } = limitFile({ path: file.path, content: now }, maxFileBytes)
    return { ...selected, superseded }
  })
  return { ...commit, files }
}

function limitFile(file: RecordedFile, maxFileBytes: number): RecordedFile {
  const { path, content } = file
  if (content === null) return file
  if (content.byteLength > maxFileBytes) return { path, content: null, omitted: 'too-large' }
  return { path, content: new Uint8Array(content) }
}

/** Whether a path is one of these files or lies below one of these folders; `undefined` means everything. */
export const isWithin = (path: string, within: readonly string[] | undefined): boolean =>
  within === undefined || within.some((folder) => path === folder || path.startsWith(`${folder}/`))

/** The message as Git stores it: with a final line end, added if it is missing. */
export const withFinalLineEnd = (message: string): string =>
  message.endsWith('\n') ? message : `${message}\n`

/** Git stores no fractions of a second. */
const toSeconds = (date: Date): Date => new Date(Math.floor(date.getTime() / 1000) * 1000)
