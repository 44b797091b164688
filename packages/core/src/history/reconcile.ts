import type { RecordedCommit, RecordedFile } from '@gitmsg/git-sync'
import type { ImportedMessage, Settlement, Store, StoredMessage } from '@gitmsg/store'
import type { Logger } from '../logger.js'
import { decodeMessageFile, isFileOf, type MessageFile } from '../format/message-file.js'
import { MESSAGES_FOLDER, uidOfPath } from '../format/message-path.js'
import { findByUid } from './find-by-uid.js'

export interface FindingsDependencies {
  readonly store: Store
  readonly logger: Logger
  readonly keepIds: boolean
}

/** What the files of some commits mean for the database: gathered first, then compared with it at once. */
export interface Findings {
  add(commit: RecordedCommit): void
  compare(): Promise<Required<Omit<Settlement, 'cursor'>> & { skipped: number }>
}

interface FoundFile {
  readonly path: string
  readonly hash: string
  readonly content: Uint8Array
  readonly message: MessageFile
}

export function createFindings({ store, logger, keepIds }: FindingsDependencies): Findings {
  const found = new Map<string, FoundFile>()
  const taken = new Map<string, { path: string; hash: string }>()
  let skipped = 0

  return {
    add({ hash, files }) {
      for (const file of files) {
        if (file.path.startsWith(`${MESSAGES_FOLDER}/`)) addFile(file, hash)
      }
    },

    async compare() {
      const stored = await findByUid(store, [...found.keys(), ...taken.keys()])
      const synchronized: { uid: string; git_hash: string }[] = []
      const imported: ImportedMessage[] = []
      for (const [uid, file] of found) {
        const ours = stored.get(uid)
        if (!ours) imported.push(asImported(file, keepIds))
        else if (ours.path !== file.path || !isFileOf(ours, file.content)) await refuse(uid, file, ours)
        else if (!ours.is_synchronized) synchronized.push({ uid, git_hash: file.hash })
      }
      for (const [uid, file] of taken) {
        const ours = stored.get(uid)
        if (ours?.path === file.path) await refuse(uid, file, ours)
      }
      return { synchronized, imported, skipped }
    },
  }

  function addFile({ path, content, omitted }: RecordedFile, hash: string): void {
    const message = content ? decodeMessageFile(path, content) : (omitted ?? 'it was removed')
    if (content && typeof message !== 'string') {
      // The commit that added the file is the one that counts, not one that changed it later.
      if (!found.has(message.uid)) found.set(message.uid, { path, hash, content, message })
      else if (!sameBytes(found.get(message.uid)?.content, content)) skip(path, hash, 'it was changed')
      return
    }
    skip(path, hash, String(message))
    const uid = uidOfPath(path)
    if (uid && (content || omitted)) taken.set(uid, { path, hash })
    else if (uid) taken.delete(uid)
  }

  function skip(path: string, hash: string, reason: string): void {
    skipped += 1
    logger.warn({ path, commit: hash, reason }, 'file is not a new message: skipped')
  }

  /** Never overwritten: ours keeps its bytes here, theirs keep theirs there. */
  async function refuse(
    uid: string,
    { path, hash }: { path: string; hash: string },
    ours: StoredMessage,
  ): Promise<void> {
    skipped += 1
    logger.error(
      { uid, path, commit: hash },
      'the repository holds other bytes for a message that is stored here',
    )
    if (!ours.is_synchronized)
      await store.quarantine(uid, 'The repository holds another file at the path of this message.')
  }
}

const sameBytes = (one: Uint8Array | undefined, other: Uint8Array) =>
  one !== undefined && Buffer.compare(one, other) === 0

function asImported({ path, hash, message }: FoundFile, keepIds: boolean): ImportedMessage {
  const { id, ...rest } = message
  return { ...rest, path, origin_id: id, git_hash: hash, ...(keepIds && { preferred_id: id }) }
}
