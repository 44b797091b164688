import type { BatchLimits, CommitDraft } from '@gitmsg/git-sync'
import type { Change } from '@gitmsg/store'
import { draftCommit, type FiledChange } from '../repository/commit-draft.js'
import { formatFile } from '../repository/format-file.js'
import { encodeMessageFile } from '../repository/message-file.js'

/** The oldest changes that one append may carry, each encoded once. At least one, if there is any. */
export function takeBatch(changes: readonly Change[], limits: BatchLimits): FiledChange[] {
  const batch: FiledChange[] = []
  let bytes = 0
  for (const { message } of changes.slice(0, limits.commits * limits.filesPerCommit)) {
    const content = encodeMessageFile(message)
    bytes += Buffer.byteLength(content)
    if (batch.length > 0 && bytes > limits.bytes) break
    batch.push({ message, file: { path: message.path, content } })
  }
  return batch
}

/** The batch as commits; the first one declares the format where the branch does not yet. */
export function draftBatch(
  batch: readonly FiledChange[],
  limits: BatchLimits,
  { declareFormat }: { declareFormat: boolean },
): CommitDraft[] {
  const drafts: CommitDraft[] = []
  for (let start = 0; start < batch.length; start += limits.filesPerCommit) {
    const changes = batch.slice(start, start + limits.filesPerCommit)
    drafts.push(draftCommit(changes, declareFormat && start === 0 ? [formatFile] : []))
  }
  return drafts
}
