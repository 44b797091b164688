import { append, type CommitDraft, type FileChange } from '@gitmsg/git-sync'
import type { MemoryRepository } from '@gitmsg/git-sync/memory'
import { createMemoryBackend } from '@gitmsg/git-sync/memory'
import { v7 as createUid } from 'uuid'
import { COMMITTER } from '../format/commit.js'
import { encodeMessageFile, type MessageFile, messagePath } from '../format/message-file.js'

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

/** A version of a message from another server, as its file has it. */
export function messageOfAnother(overrides: Partial<MessageFile> = {}): MessageFile {
  const time = date.toISOString()
  return {
    uid: createUid(),
    id: 1,
    version: 1,
    sender: 'mallory',
    topic: null,
    reply_to: null,
    format: 'plain',
    content: 'hi',
    timestamp: time,
    created_at: time,
    updated_at: time,
    updated_by: null,
    deleted_at: null,
    ...overrides,
  }
}

/** The file of a version of a message. */
export const fileOf = (message: MessageFile): FileChange & { content: string } => ({
  path: messagePath(message.id, message.uid),
  content: encodeMessageFile({ ...message, origin_id: message.id }),
})

/** The file of a message from another server. */
export const fileOfAnother = (id = 1, uid: string = createUid()): FileChange & { content: string } =>
  fileOf(messageOfAnother({ id, uid }))
