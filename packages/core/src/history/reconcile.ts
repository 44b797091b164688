import type { RecordedCommit, RecordedFile } from '@gitmsg/git-sync'
import type { RecordedVersion, RecordOutcome, Store, StoredMessage } from '@gitmsg/store'
import {
  decodeMessageFile,
  isFileOf,
  MESSAGES_FOLDER,
  type MessageFile,
  uidOfPath,
} from '../format/message-file.js'
import type { Logger } from '../logger.js'
import { findByUid, findVersion } from './find-versions.js'

export interface ReconcilerDependencies {
  readonly store: Store
  readonly logger: Logger
  readonly keepIds: boolean
}

/** Works out what the files of some commits mean for the database: first collects them, then compares them in one go. */
export interface Reconciler {
  add(commit: RecordedCommit): void
  /**
   * The versions to settle, in the order of the commits. Quarantines the pending messages whose path is taken: they
   * must not be published over what is there.
   */
  prepare(): Promise<RecordedVersion[]>
  /** What was skipped, given what became of the versions that {@link Reconciler.prepare} returned. */
  report(outcomes: readonly RecordOutcome[]): Promise<{ skipped: number; conflicts: Conflict[] }>
}

/** A file of the branch that differs from the message that is stored, or was imported, under its uid or at its path. */
export interface Conflict {
  /** The message's uid. */
  readonly uid: string
  /** The file that was not taken. */
  readonly path: string
  /** A commit that has it. */
  readonly commit: string
}

/** Where a file was found. */
interface Place {
  readonly path: string
  readonly commit: string
}

interface FoundVersion extends Place, Pick<RecordedFile, 'superseded'> {
  readonly content: Uint8Array
  readonly message: MessageFile
  readonly isOnSideLine: boolean
}

export function createReconciler({ store, logger, keepIds }: ReconcilerDependencies): Reconciler {
  /** The files that are versions of messages, in the order of the commits. */
  const found: FoundVersion[] = []
  /** By uid: a file that is not a message, at the path of one. */
  const occupied = new Map<string, Place>()
  /** Those of {@link found} that are settled. */
  let counted: FoundVersion[] = []
  let skipped = 0

  return { add, prepare, report }

  function add({ hash, files, isOnSideLine = false }: RecordedCommit): void {
    for (const file of files) {
      if (file.path.startsWith(`${MESSAGES_FOLDER}/`)) addFile(file, { commit: hash, isOnSideLine })
    }
  }

  async function prepare(): Promise<RecordedVersion[]> {
    const stored = await findByUid(store, [...found.map(({ message }) => message.uid), ...occupied.keys()])
    const taken = new Map<string, StoredMessage>()
    for (const { message: file, path, superseded } of found) {
      const message = stored.get(file.uid)
      if (message && path === message.path && !superseded && !isSameMessage(file, message)) {
        taken.set(message.uid, message)
      }
    }
    for (const [uid, { path }] of occupied) {
      const message = stored.get(uid)
      if (message?.path === path) taken.set(uid, message)
    }
    for (const { uid, synchronized_version } of taken.values()) {
      if (synchronized_version !== null) continue
      await store.quarantine(uid, 'The repository has a different file for this message.')
    }
    counted = found.filter((file) => isImportable(file) && !isLostAgain(file, stored.get(file.message.uid)))
    return counted.map((file) => toRecordedVersion(file, keepIds))
  }

  async function report(outcomes: readonly RecordOutcome[]) {
    const conflicts: Conflict[] = []
    for (const [index, file] of counted.entries()) {
      const outcome = outcomes[index]
      // An earlier version that is read again is not a conflict, unless it is what the head has.
      const isReverted = outcome === 'outdated' && !file.superseded
      if (outcome === 'conflict' || isReverted) conflicts.push(reportConflict(file))
    }
    const settled = new Set(counted)
    for (const file of found) {
      if (settled.has(file)) continue
      const stored = await findVersion(store, file.message)
      if (!stored) skip(file, 'removed by a merge')
      else if (file.path !== stored.path || !isFileOf(stored, file.content))
        conflicts.push(reportConflict(file))
    }
    for (const [uid, place] of occupied) {
      const message = await store.findMessage(uid)
      if (message?.path === place.path) conflicts.push(reportConflict({ ...place, message: { uid } }))
    }
    return { skipped, conflicts }
  }

  function addFile(file: RecordedFile, from: Pick<FoundVersion, 'commit' | 'isOnSideLine'>): void {
    const { path, content, omitted, superseded } = file
    const message = content ? decodeMessageFile(path, content) : (omitted ?? 'removed')
    if (content && typeof message !== 'string') {
      found.push({ ...from, path, content, message, ...(superseded && { superseded }) })
      return
    }
    const place = { path, commit: from.commit }
    skip(place, String(message))
    const uid = uidOfPath(path)
    if (uid && (content || omitted) && !superseded) occupied.set(uid, place)
    else if (uid) occupied.delete(uid)
  }

  function skip({ path, commit }: Place, reason: string): void {
    skipped += 1
    logger.warn({ path, commit, reason }, 'file skipped: not a version of a message')
  }

  /** Neither side is overwritten: the database keeps its bytes, the repository its own. */
  function reportConflict({
    path,
    commit,
    message: { uid },
  }: Place & { message: { uid: string } }): Conflict {
    skipped += 1
    logger.error({ uid, path, commit }, 'conflict: the repository has a different file for a message')
    return { uid, path, commit }
  }
}

/**
 * Whether this file counts. Of several contents of one version, that of the head does. A file that was removed later is
 * still a message, unless only a merge brought it; so is one whose file is not a message any more.
 */
function isImportable(file: FoundVersion): boolean {
  return !file.superseded || (!file.isOnSideLine && !isReplaced(file))
}

/** Whether our own change was published, and removed again before we knew: it stays pending, to be published again. */
function isLostAgain(
  { superseded, message, content }: FoundVersion,
  stored: StoredMessage | undefined,
): boolean {
  const isRemoved = superseded !== undefined && !superseded.content && !superseded.omitted
  if (!isRemoved || !stored || stored.is_synchronized) return false
  return message.version === stored.version && isFileOf(stored, content)
}

/** Whether the head has another content of the same version, or another message at its path. */
function isReplaced({ path, message, superseded }: FoundVersion): boolean {
  const head = superseded?.content ? decodeMessageFile(path, superseded.content) : 'removed'
  return typeof head !== 'string' && (head.version === message.version || !isSameMessage(head, message))
}

/** Whether everything agrees that never changes, beside the path. */
function isSameMessage(
  file: MessageFile,
  message: Omit<MessageFile, 'id'> & Partial<Pick<StoredMessage, 'origin_id' | 'id'>>,
): boolean {
  return (
    file.id === (message.origin_id ?? message.id) &&
    file.sender === message.sender &&
    file.reply_to === message.reply_to &&
    file.timestamp === message.timestamp &&
    file.created_at === message.created_at
  )
}

function toRecordedVersion({ path, commit, message }: FoundVersion, keepIds: boolean): RecordedVersion {
  const { id, ...rest } = message
  return { ...rest, path, origin_id: id, git_hash: commit, ...(keepIds && { preferred_id: id }) }
}
