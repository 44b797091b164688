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
  reconcile(): Promise<Required<Omit<Settlement, 'cursor'>> & { skipped: number }>
}

/** Where a file was found. */
interface Place {
  readonly path: string
  readonly commit: string
}

interface FoundMessage extends Place {
  readonly content: Uint8Array
  readonly message: MessageFile
}

export function createReconciler({ store, logger, keepIds }: ReconcilerDependencies): Reconciler {
  /** By uid: the first file that is that message. */
  const found = new Map<string, FoundMessage>()
  /** By uid: a file that is not a message, at the path of one. */
  const occupied = new Map<string, Place>()
  let skipped = 0

  return { add, reconcile }

  function add({ hash, files }: RecordedCommit): void {
    for (const file of files) {
      if (file.path.startsWith(`${MESSAGES_FOLDER}/`)) addFile(file, hash)
    }
  }

  async function reconcile() {
    const stored = await findByUid(store, [...found.keys(), ...occupied.keys()])
    const synchronized: { uid: string; git_hash: string }[] = []
    const imported: ImportedMessage[] = []
    for (const [uid, file] of found) {
      const message = stored.get(uid)
      if (!message) imported.push(toImportedMessage(file, keepIds))
      else if (message.path !== file.path || !isFileOf(message, file.content))
        await reportConflict(file, message)
      else if (!message.is_synchronized) synchronized.push({ uid, git_hash: file.commit })
    }
    for (const [uid, place] of occupied) {
      const message = stored.get(uid)
      if (message?.path === place.path) await reportConflict(place, message)
    }
    return { synchronized, imported, skipped }
  }

  function addFile({ path, content, omitted }: RecordedFile, commit: string): void {
    const message = content ? decodeMessageFile(path, content) : (omitted ?? 'removed')
    if (content && typeof message !== 'string') {
      // A message belongs to the commit that added its file, not to one that changed it later.
      const first = found.get(message.uid)
      if (!first) found.set(message.uid, { path, commit, content, message })
      else if (Buffer.compare(first.content, content) !== 0)
        skip({ path, commit }, 'changed after it was added')
      return
    }
    skip({ path, commit }, String(message))
    const uid = uidOfPath(path)
    if (uid && (content || omitted)) occupied.set(uid, { path, commit })
    else if (uid) occupied.delete(uid)
  }

  function skip(place: Place, reason: string): void {
    skipped += 1
    logger.warn({ ...place, reason }, 'file skipped: not a new message')
  }

  /** Neither side is overwritten: the database keeps its bytes, the repository its own. */
  async function reportConflict(place: Place, { uid, is_synchronized }: StoredMessage): Promise<void> {
    skipped += 1
    logger.error({ uid, ...place }, 'conflict: the repository has a different file for a stored message')
    if (!is_synchronized) await store.quarantine(uid, 'The repository has a different file for this message.')
  }
}

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
