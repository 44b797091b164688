import { GitSyncError, type RecordedCommit, type RecordedFile } from '@gitmsg/git-sync'
import type { Store, StoredMessage } from '@gitmsg/store'
import { FORMAT_PATH, readFormat } from '../format/format-file.js'
import {
  decodeMessageFile,
  isFileOf,
  MESSAGES_FOLDER,
  type MessageFile,
  uidOfPath,
} from '../format/message-file.js'
import { findByUid, findEarlierVersions, type StoredVersion, versionKey } from '../history/find-versions.js'
import { type IdFlags, Seen } from './id-flags.js'

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
  /** By id: the last commit that brought the synchronized version of a message, if it is not the one stored. */
  readonly otherSources: ReadonlyMap<number, string>
  /** The same for versions before the current ones, by their number. */
  readonly otherSourcesOfVersions: ReadonlyMap<number, string>
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

/**
 * @param flags what is known of each message, by id
 * @param versionFlags the same of each version before a current one, by its number
 */
export function createReplay(
  store: Store,
  { flags, versionFlags }: { flags: IdFlags; versionFlags: IdFlags },
): Replay {
  const unmatchedFiles = new Map<string, UnmatchedFile>()
  const otherSources = new Map<number, string>()
  const otherSourcesOfVersions = new Map<number, string>()
  const newUids = new Set<string>()
  let earlier: ReadonlyMap<string, StoredVersion> = new Map()
  let formatProblem: Replay['formatProblem'] = null
  let declaresFormat = false

  return {
    unmatchedFiles,
    otherSources,
    otherSourcesOfVersions,
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
    const decoded = files.map(({ path, content }) => (content ? decodeMessageFile(path, content) : ''))
    const versions = decoded.filter((file): file is MessageFile => typeof file !== 'string')
    earlier = await findEarlierVersions(store, stored, [
      ...versions,
      ...versions.flatMap(({ uid }) => ({ uid, version: stored.get(uid)?.synchronized_version ?? 0 })),
    ])
    for (const [index, file] of files.entries()) {
      const message = stored.get(uidOfPath(file.path) ?? '')
      const version = decoded[index] ?? ''
      if (file.isOnSideLine) prove(message, file, version)
      else if (file.path === FORMAT_PATH) readFormatFile(file)
      else if (!file.path.startsWith(`${MESSAGES_FOLDER}/`)) continue
      else if (message?.path === file.path) compare(message, file, version)
      else addUnmatched(file, message, version)
    }
  }

  function readFormatFile(file: CommittedFile): void {
    formatProblem = formatProblemOf(file)
    declaresFormat = formatProblem === null
  }

  /** What only a merge brought is not what the branch has, but a version may come from there. */
  function prove(
    message: StoredMessage | undefined,
    { path, content, commit }: CommittedFile,
    version: MessageFile | string,
  ): void {
    if (message?.path !== path || !content || typeof version === 'string') return
    proveVersion(message, { content, commit, version, isSource: false })
  }

  /** The tip must have the synchronized version. */
  function compare(
    message: StoredMessage,
    { content, omitted, commit }: CommittedFile,
    version: MessageFile | string,
  ): void {
    flags.clear(message.id, Seen.SOUND | Seen.ALTERED | Seen.AHEAD)
    if (!content && !omitted) return
    const isStored =
      content !== null &&
      typeof version !== 'string' &&
      proveVersion(message, { content, commit, version, isSource: true })
    const synchronized = message.synchronized_version ?? 0
    if (typeof version === 'string' || version.version < synchronized) flags.set(message.id, Seen.ALTERED)
    else if (isStored) flags.set(message.id, Seen.SOUND)
    else flags.set(message.id, version.version > synchronized ? Seen.AHEAD : Seen.ALTERED)
  }

  /** Notes which commit has a version; returns whether it is stored with these bytes. */
  function proveVersion(
    message: StoredMessage,
    file: { content: Uint8Array; commit: string; version: MessageFile; isSource: boolean },
  ): boolean {
    const { content, commit, version, isSource } = file
    const before = earlier.get(versionKey(version))
    const own = version.version === message.version ? message : before?.message
    if (!own) return isErased(message, version)
    if (!isFileOf(own, content)) return false
    if (before && own.git_hash === commit) versionFlags.set(before.number, Seen.PROVEN)
    else if (before && isSource) otherSourcesOfVersions.set(before.number, commit)
    if (version.version !== message.synchronized_version) return true
    if (own.git_hash === commit) flags.set(message.id, Seen.PROVEN)
    else if (isSource) otherSources.set(message.id, commit)
    return true
  }

  /** A deletion that is pending erased the version that the repository has. */
  function isErased(message: StoredMessage, { version }: MessageFile): boolean {
    if (message.deleted_at === null || version !== message.synchronized_version) return false
    flags.set(message.id, Seen.PROVEN)
    return true
  }

  /** The file of a message counts as its first commit left it, because that is what an importer stores. */
  function addUnmatched(
    { path, content, omitted, commit }: CommittedFile,
    message: StoredMessage | undefined,
    version: MessageFile | string,
  ): void {
    const isRemoved = !content && !omitted
    const known = unmatchedFiles.get(path)
    if (known?.kind === 'missing-in-database') known.isRemoved = isRemoved
    else if (isRemoved) unmatchedFiles.delete(path)
    else unmatchedFiles.set(path, { ...classify(version, message), commit, isRemoved })
  }

  function classify(
    version: MessageFile | string,
    message: StoredMessage | undefined,
  ): Pick<UnmatchedFile, 'kind' | 'reason'> {
    if (typeof version === 'string') {
      const reason = version || 'too large, or not a regular file'
      return { kind: 'invalid-file', reason: `Not a message: ${reason}.` }
    }
    if (message) return { kind: 'duplicate-uid', reason: `A copy of ${message.path}.` }
    if (newUids.has(version.uid)) return { kind: 'duplicate-uid', reason: 'A copy of an earlier file.' }
    newUids.add(version.uid)
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
