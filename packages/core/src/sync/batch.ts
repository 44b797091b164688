import { setImmediate as nextTurn } from 'node:timers/promises'
import type { BatchLimits, CommitDraft } from '@gitmsg/git-sync'
import type { Store } from '@gitmsg/store'
import { draftCommit, type FiledChange } from '../repository/commit-draft.js'
import { formatFile } from '../repository/format-file.js'
import { encodeMessageFile } from '../repository/message-file.js'

/** So many of the largest messages are read and encoded in a few milliseconds; meanwhile everybody else waits. */
const AT_A_TIME = 20

/** What one append carries. */
export interface Batch {
  readonly changes: readonly FiledChange[]
  /** Whether these were all there are. */
  readonly isAll: boolean
}

/** Takes the oldest changes that one append may carry, each encoded once. At least one, if there is any. */
export async function takeBatch(store: Store, limits: BatchLimits): Promise<Batch> {
  const most = limits.commits * limits.filesPerCommit
  const batch: FiledChange[] = []
  let bytes = 0
  let after = 0
  while (batch.length < most) {
    const wanted = Math.min(AT_A_TIME, most - batch.length)
    const changes = await store.oldestChanges(wanted, after)
    for (const { sequence, message } of changes) {
      const content = encodeMessageFile(message)
      bytes += Buffer.byteLength(content)
      if (batch.length > 0 && bytes > limits.bytes) return { changes: batch, isAll: false }
      batch.push({ message, file: { path: message.path, content } })
      after = sequence
    }
    if (changes.length < wanted) return { changes: batch, isAll: true }
    await nextTurn()
  }
  return { changes: batch, isAll: false }
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
