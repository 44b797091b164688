import { append, type CommitDraft, type FileChange } from '@gitmsg/git-sync'
import type { MemoryRepository } from '@gitmsg/git-sync/memory'
import { createMemoryBackend } from '@gitmsg/git-sync/memory'
import { v7 as createUid } from 'uuid'
import { COMMITTER } from '../format/commit.js'
import { encodeMessageFile, messagePath } from '../format/message-file.js'

const date = new Date('2025-01-09T00:00:00Z')

/** A commit that gitmsg did not make. */
export const draftByHand = (...files: FileChange[]): CommitDraft => ({
  message: 'by hand',
  author: COMMITTER,
  authorDate: date,
  committer: COMMITTER,
  committerDate: date,
  files,
})

/** Appends one commit to the branch, whatever is in it. */
export async function commitByHand(repository: MemoryRepository, ...files: FileChange[]): Promise<void> {
  const backend = createMemoryBackend({ repository })
  await append(backend, { parent: await backend.head(), commits: [draftByHand(...files)] })
}

/** The file of a message from another server. */
export function fileOfAnother(id = 1, uid: string = createUid()): FileChange & { content: string } {
  const time = date.toISOString()
  const path = messagePath(id, uid)
  const times = { timestamp: time, created_at: time, updated_at: time }
  const state = { git_hash: null, is_synchronized: false, path, origin_id: id }
  return { path, content: encodeMessageFile({ uid, sender: 'mallory', content: 'hi', ...times, ...state }) }
}
