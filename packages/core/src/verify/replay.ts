import { GitSyncError, type RecordedCommit, type RecordedFile } from '@gitmsg/git-sync'
import type { Store, StoredMessage } from '@gitmsg/store'
import { FORMAT_PATH, readFormat } from '../format/format-file.js'
import { decodeMessageFile, isFileOf } from '../format/message-file.js'
import { MESSAGES_FOLDER, uidOfPath } from '../format/message-path.js'
import { findByUid } from '../history/find-by-uid.js'
import type { IdFlags } from './id-flags.js'

/** What is known of a stored message. */
export const Seen = {
  /** It was synchronized when the verification began, so the repository must have it. */
  EXPECTED: 1,
  /** The branch has its file, byte for byte. */
  SOUND: 2,
  /** The branch has something else at its path. */
  ALTERED: 4,
  /** The commit that is stored for it brought its file. */
  PROVEN: 8,
} as const

/** A file of the branch that is not the file of a stored message. */
interface Stranger {
  readonly kind: 'missing-in-database' | 'duplicate-uid' | 'invalid-file'
  readonly commit: string
  readonly reason: string
  /** A message that was removed later is still a message; any other file is forgotten then. */
  isRemoved: boolean
}

type Judgement = Pick<Stranger, 'kind' | 'reason'>

/** The branch, as read until now, beside the database. */
export interface Replay {
  /** By path, in the order of the commits. */
  readonly strangers: ReadonlyMap<string, Stranger>
  /** By id: the last commit that brought a message's file, where it is not the one that is stored. */
  readonly otherSources: ReadonlyMap<number, string>
  /** Why the branch as it stands is not ours; `null` while it is. */
  readonly refusal: { readonly commit: string; readonly reason: string } | null
  add(commits: readonly RecordedCommit[]): Promise<void>
}

interface SeenFile extends RecordedFile {
  readonly commit: string
}

export function createReplay(store: Store, flags: IdFlags): Replay {
  const strangers = new Map<string, Stranger>()
  const otherSources = new Map<number, string>()
  const newUids = new Set<string>()
  let refusal: Replay['refusal'] = null

  return {
    strangers,
    otherSources,
    get refusal() {
      return refusal
    },
    async add(commits) {
      const files = commits.flatMap(({ hash, files }) => files.map((file) => ({ ...file, commit: hash })))
      const uids = files.flatMap(({ path }) => uidOfPath(path) ?? [])
      const stored = await findByUid(store, uids)
      for (const file of files) {
        const ours = stored.get(uidOfPath(file.path) ?? '')
        if (file.path === FORMAT_PATH) refusal = refusalOf(file)
        else if (!file.path.startsWith(`${MESSAGES_FOLDER}/`)) continue
        else if (ours?.path === file.path) compare(ours, file)
        else meet(file, ours)
      }
    },
  }

  function compare(ours: StoredMessage, { content, omitted, commit }: SeenFile): void {
    flags.clear(ours.id, Seen.SOUND | Seen.ALTERED)
    if (!content && !omitted) return
    if (!content || !isFileOf(ours, content)) {
      flags.set(ours.id, Seen.ALTERED)
      return
    }
    flags.set(ours.id, Seen.SOUND)
    if (ours.git_hash === commit) flags.set(ours.id, Seen.PROVEN)
    else if (ours.is_synchronized) otherSources.set(ours.id, commit)
  }

  /** The file of a message counts as its first commit left it: that is what an importer stores. */
  function meet({ path, content, omitted, commit }: SeenFile, ours: StoredMessage | undefined): void {
    const isRemoved = !content && !omitted
    const known = strangers.get(path)
    if (known?.kind === 'missing-in-database') known.isRemoved = isRemoved
    else if (isRemoved) strangers.delete(path)
    else strangers.set(path, { ...judge(path, content, ours), commit, isRemoved })
  }

  function judge(path: string, content: Uint8Array | null, ours: StoredMessage | undefined): Judgement {
    const message = content ? decodeMessageFile(path, content) : 'it is too large, or not a file'
    if (typeof message === 'string') {
      return { kind: 'invalid-file', reason: `It is not a message: ${message}.` }
    }
    if (ours) return { kind: 'duplicate-uid', reason: `It is a copy of ${ours.path}.` }
    if (newUids.has(message.uid)) return { kind: 'duplicate-uid', reason: 'It is a copy of an earlier file.' }
    newUids.add(message.uid)
    return { kind: 'missing-in-database', reason: 'The database does not have this message.' }
  }
}

function refusalOf({ content, commit }: SeenFile): Replay['refusal'] {
  try {
    readFormat(content)
    return null
  } catch (error) {
    if (error instanceof GitSyncError) return { commit, reason: error.message }
    throw error
  }
}
