import type { RecordedCommit, RecordedFile } from '@gitmsg/git-sync'
import type { ImportedMessage, Settlement, Store, StoredMessage } from '@gitmsg/store'
import {
  decodeMessageFile,
  isFileOf,
  MESSAGES_FOLDER,
  type MessageFile,
  uidOfPath,
} from '../format/message-file.js'
import type { Logger } from '../logger.js'

/** The most uids that the store looks up at a time. */
const UIDS_PER_LOOKUP = 10_000

export interface ReconcilerDependencies {
  readonly store: Store
  readonly logger: Logger
  readonly keepIds: boolean
}

/** Works out what the files of some commits mean for the database: first collects them, then compares them in one go. */
export interface Reconciler {
  add(commit: RecordedCommit): void
  reconcile(): Promise<Required<Omit<Settlement, 'cursor'>> & { skipped: number; conflicts: Conflict[] }>
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

interface FoundMessage extends Place, Pick<RecordedFile, 'superseded'> {
  readonly content: Uint8Array
  readonly message: MessageFile
  readonly isOnSideLine: boolean
}

export function createReconciler({ store, logger, keepIds }: ReconcilerDependencies): Reconciler {
  /** By uid: the files that are that message, in commit order. */
  const found = new Map<string, FoundMessage[]>()
  /** By uid: a file that is not a message, at the path of one. */
  const occupied = new Map<string, Place>()
  let skipped = 0

  return { add, reconcile }

  function add({ hash, files, isOnSideLine = false }: RecordedCommit): void {
    for (const file of files) {
      if (file.path.startsWith(`${MESSAGES_FOLDER}/`)) addFile(file, { commit: hash, isOnSideLine })
    }
  }

  async function reconcile() {
    const stored = await findByUid(store, [...new Set([...found.keys(), ...occupied.keys()])])
    const synchronized: { uid: string; git_hash: string }[] = []
    const imported: ImportedMessage[] = []
    const conflicts: Conflict[] = []
    for (const [uid, versions] of found) {
      const message = stored.get(uid)
      const taken = message ? undefined : versions.find(isImportable)
      if (taken) imported.push(toImportedMessage(taken, keepIds))
      const own = message?.is_synchronized === false && versions.find((file) => isCurrent(file, message))
      if (own) synchronized.push({ uid, git_hash: own.commit })
      for (const file of versions) {
        if (!message && !taken && !isReplaced(file)) skip(file, 'removed by a merge')
        else if (message ? isFile(file, message) : taken && isSameFile(file, taken)) continue
        else conflicts.push(reportConflict(uid, file))
      }
      const takesPath = ({ path, superseded }: FoundMessage) => path === message?.path && !superseded
      if (message && !own) await quarantineIf(versions.some(takesPath), message)
    }
    for (const [uid, place] of occupied) {
      const message = stored.get(uid)
      if (place.path !== (message ?? found.get(uid)?.find(isImportable))?.path) continue
      conflicts.push(reportConflict(uid, place))
      if (message) await quarantineIf(true, message)
    }
    return { synchronized, imported, skipped, conflicts }
  }

  function addFile(file: RecordedFile, from: Pick<FoundMessage, 'commit' | 'isOnSideLine'>): void {
    const { path, content, omitted, superseded } = file
    const message = content ? decodeMessageFile(path, content) : (omitted ?? 'removed')
    if (content && typeof message !== 'string') {
      const versions = found.get(message.uid) ?? []
      found.set(message.uid, versions)
      versions.push({ ...from, path, content, message, ...(superseded && { superseded }) })
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
    logger.warn({ path, commit, reason }, 'file skipped: not a new message')
  }

  /** Neither side is overwritten: the database keeps its bytes, the repository its own. */
  function reportConflict(uid: string, { path, commit }: Place): Conflict {
    skipped += 1
    logger.error({ uid, path, commit }, 'conflict: the repository has a different file for a message')
    return { uid, path, commit }
  }

  /** Only a file at its own path keeps a pending message from being appended. */
  async function quarantineIf(isPathTaken: boolean, { uid, is_synchronized }: StoredMessage): Promise<void> {
    if (!isPathTaken || is_synchronized) return
    await store.quarantine(uid, 'The repository has a different file for this message.')
  }
}

/**
 * Whether this version is the one to import: that of the head. One that was removed later is still a message, unless
 * only a merge brought it; so is one whose file is not a message any more.
 */
function isImportable(file: FoundMessage): boolean {
  return !file.superseded || (!file.isOnSideLine && !isReplaced(file))
}

/** Whether the head has another version of the message at the same path. */
function isReplaced({ path, superseded }: FoundMessage): boolean {
  return Boolean(superseded?.content && typeof decodeMessageFile(path, superseded.content) !== 'string')
}

const isFile = ({ path, content }: FoundMessage, message: StoredMessage): boolean =>
  path === message.path && isFileOf(message, content)

const isCurrent = (file: FoundMessage, message: StoredMessage): boolean =>
  !file.superseded && isFile(file, message)

const isSameFile = (one: FoundMessage, other: FoundMessage): boolean =>
  one.path === other.path && Buffer.compare(one.content, other.content) === 0

/** Looks up messages by uid, in as many calls as the store needs: a single commit may name any number. */
export async function findByUid(
  store: Store,
  uids: readonly string[],
): Promise<ReadonlyMap<string, StoredMessage>> {
  const messages = new Map<string, StoredMessage>()
  for (let start = 0; start < uids.length; start += UIDS_PER_LOOKUP) {
    for (const message of await store.findMessages(uids.slice(start, start + UIDS_PER_LOOKUP))) {
      messages.set(message.uid, message)
    }
  }
  return messages
}

function toImportedMessage({ path, commit, message }: FoundMessage, keepIds: boolean): ImportedMessage {
  const { id, ...rest } = message
  return { ...rest, path, origin_id: id, git_hash: commit, ...(keepIds && { preferred_id: id }) }
}
